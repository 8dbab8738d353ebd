using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A grain's state with the etag it was read or written under.</summary>
    public interface IGrainState<T>
    {
        /// <summary>The state.</summary>
        T State { get; set; }

        /// <summary>What the store called this version; null if there is none.</summary>
        string? ETag { get; set; }

        /// <summary>Whether the store holds a record.</summary>
        bool RecordExists { get; set; }
    }

    /// <summary>A grain's state with the etag it was read or written under.</summary>
    public sealed class GrainState<T> : IGrainState<T>
    {
        /// <summary>Holds a new, empty state.</summary>
        public GrainState()
            : this(Activator.CreateInstance<T>())
        {
        }

        /// <summary>Holds <paramref name="state"/>.</summary>
        public GrainState(T state)
            : this(state, null)
        {
        }

        /// <summary>Holds <paramref name="state"/> under an etag.</summary>
        public GrainState(T state, string? eTag)
        {
            State = state;
            ETag = eTag;
        }

        /// <inheritdoc />
        public T State { get; set; }

        /// <inheritdoc />
        public string? ETag { get; set; }

        /// <inheritdoc />
        public bool RecordExists { get; set; }
    }
}

namespace Orleans.Storage
{
    /// <summary>Keeps the states of grains.</summary>
    /// <remarks>
    /// A write or clear whose etag is not the stored one changes nothing and throws
    /// <see cref="InconsistentStateException"/>. The store never keeps hold of the state object itself.
    /// </remarks>
    public interface IGrainStorage
    {
        /// <summary>Fills <paramref name="grainState"/> from the store; a new, empty state if there is none.</summary>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>The same, cancellable if the store can.</summary>
        Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            ReadStateAsync(stateName, grainId, grainState);

        /// <summary>Writes the state and sets its new etag.</summary>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>The same, cancellable if the store can.</summary>
        Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            WriteStateAsync(stateName, grainId, grainState);

        /// <summary>Removes the state from the store.</summary>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

        /// <summary>The same, cancellable if the store can.</summary>
        Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
            ClearStateAsync(stateName, grainId, grainState);
    }
}
