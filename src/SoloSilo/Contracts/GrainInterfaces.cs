using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Anything a call can be addressed to.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>Marks an interface as a grain contract.</summary>
    public interface IGrain : IAddressable;

    /// <summary>A grain contract whose grains are keyed by a string.</summary>
    public interface IGrainWithStringKey : IGrain;

    /// <summary>A grain contract whose grains are keyed by a whole number.</summary>
    public interface IGrainWithIntegerKey : IGrain;

    /// <summary>A grain contract whose grains are keyed by a <see cref="Guid"/>.</summary>
    public interface IGrainWithGuidKey : IGrain;
}
