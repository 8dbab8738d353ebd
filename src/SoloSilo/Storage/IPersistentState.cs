namespace Orleans.Core
{
    /// <summary>A grain's state and the store behind it.</summary>
    public interface IStorage
    {
        /// <summary>What the store called the version last read or written.</summary>
        string? Etag { get; }

        /// <summary>Whether the store holds a record.</summary>
        bool RecordExists { get; }

        /// <summary>Removes the record.</summary>
        Task ClearStateAsync();

        /// <summary>Removes the record.</summary>
        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();

        /// <summary>Writes the state.</summary>
        Task WriteStateAsync();

        /// <summary>Writes the state.</summary>
        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();

        /// <summary>Reads the state anew; what was changed in memory is lost.</summary>
        Task ReadStateAsync();

        /// <summary>Reads the state anew; what was changed in memory is lost.</summary>
        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
    }

    /// <summary>A grain's state and the store behind it.</summary>
    public interface IStorage<TState> : IStorage
    {
        /// <summary>The state in memory.</summary>
        TState State { get; set; }
    }
}

namespace Orleans.Runtime
{
    /// <summary>State that is read before the grain activates and written when the grain says so.</summary>
    public interface IPersistentState<TState> : Orleans.Core.IStorage<TState>;

    /// <summary>Names the record and the store of an <see cref="IPersistentState{TState}"/> constructor parameter.</summary>
    /// <param name="stateName">The record's name within the grain.</param>
    /// <param name="storageName">The store; null means the default one.</param>
    [AttributeUsage(AttributeTargets.Parameter)]
    public class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
    {
        /// <summary>The record's name within the grain.</summary>
        public string StateName { get; } = stateName;

        /// <summary>The store; null means the default one.</summary>
        public string? StorageName { get; } = storageName;
    }
}
