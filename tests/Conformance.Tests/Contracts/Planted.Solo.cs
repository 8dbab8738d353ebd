using System.Collections.Immutable;
using Orleans;

namespace EmergencyStop.Conformance.Tests.Contracts;

/// <summary>Contracts with one fault each. They derive from no IGrain, so no silo hosts them.</summary>
internal static class Planted
{
    [Alias("planted-good")]
    public interface IGood
    {
        [Alias("call")]
        Task<ImmutableArray<Good>> CallAsync(Good? good, int number, (Guid Id, TimeSpan Span) tuple, CancellationToken cancellationToken);
    }

    [Alias("planted-1")]
    public interface INoSerializer
    {
        [Alias("call")]
        Task CallAsync(NoSerializer argument);
    }

    [Alias("planted-2")]
    public interface INoSerializerInside
    {
        [Alias("call")]
        Task CallAsync(ImmutableDictionary<string, Outer> argument);
    }

    [Alias("planted-3")]
    public interface INoSerializerInReturn
    {
        [Alias("call")]
        ValueTask<ImmutableArray<NoSerializer?>> CallAsync();
    }

    [Alias("planted-4")]
    public interface IBadCase
    {
        [Alias("call")]
        Task CallAsync(Abstract argument);
    }

    [Alias("planted-5")]
    public interface INoId
    {
        [Alias("call")]
        Task CallAsync(NoId argument);
    }

    [Alias("planted-6")]
    public interface ISameId
    {
        [Alias("call")]
        Task CallAsync(SameId argument);
    }

    [Alias("planted-7")]
    public interface INoTypeAlias
    {
        [Alias("call")]
        Task CallAsync(NoAlias argument);
    }

    [Alias("planted-8")]
    public interface ISameTypeAlias
    {
        [Alias("call")]
        Task CallAsync(Taken first, TakenToo second);
    }

    [Alias("planted-9")]
    public interface INoMethodAlias
    {
        Task CallAsync();
    }

    [Alias("planted-10")]
    public interface ISameMethodAlias
    {
        [Alias("call")]
        Task CallAsync();

        [Alias("call")]
        Task OtherAsync();
    }

    public interface INoAlias
    {
        [Alias("call")]
        Task CallAsync();
    }

    [Alias("planted-11")]
    public interface IAnything
    {
        [Alias("call")]
        Task CallAsync(object argument);
    }

    [Alias("planted-12")]
    public interface ISequence
    {
        [Alias("call")]
        Task CallAsync(IEnumerable<int> argument);
    }

    [GenerateSerializer, Alias("planted-good-record")]
    public sealed record Good([property: Id(0)] string Text, [property: Id(1)] Word Word);

    [GenerateSerializer, Alias("planted-word")]
    public enum Word
    {
        None,
    }

    [Alias("planted-no-serializer")]
    public sealed record NoSerializer;

    [GenerateSerializer, Alias("planted-outer")]
    public sealed record Outer([property: Id(0)] NoSerializer? Inner);

    [GenerateSerializer, Alias("planted-abstract")]
    public abstract record Abstract;

    [GenerateSerializer, Alias("planted-bad-case")]
    public sealed record BadCase(int Lost) : Abstract;

    [GenerateSerializer, Alias("planted-no-id")]
    public sealed class NoId
    {
        public int Lost { get; init; }
    }

    [GenerateSerializer, Alias("planted-same-id")]
    public sealed record SameId([property: Id(0)] int First, [property: Id(0)] int Second);

    [GenerateSerializer]
    public sealed record NoAlias;

    [GenerateSerializer, Alias("planted-taken")]
    public sealed record Taken;

    [GenerateSerializer, Alias("planted-taken")]
    public sealed record TakenToo;
}
