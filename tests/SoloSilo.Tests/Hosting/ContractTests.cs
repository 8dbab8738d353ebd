using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans;
using Orleans.Solo;

namespace EmergencyStop.SoloSilo.Tests.Hosting;

/// <summary>Contracts that would let two grains share what changes, or that could not be called, are refused.</summary>
public sealed class ContractTests
{
    public interface ITakesList
    {
        Task CallAsync(List<int> argument);
    }

    public interface ITakesArray
    {
        Task CallAsync(int[] argument);
    }

    public interface ITakesReadOnlyList
    {
        Task CallAsync(IReadOnlyList<int> argument);
    }

    public interface ITakesSettable
    {
        Task CallAsync(Settable argument);
    }

    public interface ITakesNested
    {
        Task CallAsync(ImmutableArray<Nested?> argument);
    }

    public interface ITakesFamily
    {
        Task CallAsync(Family argument);
    }

    public interface IReturnsList
    {
        Task<List<int>> CallAsync();
    }

    public interface IReturnsNothing
    {
        void Call();
    }

    public interface IHasProperty
    {
        int Property { get; }
    }

    public interface IIsGeneric
    {
        Task CallAsync<T>();
    }

    public interface ITakesByReference
    {
        Task CallAsync(in int argument);
    }

    [Theory]
    [InlineData(typeof(ITakesList), "takes argument, which can change")]
    [InlineData(typeof(ITakesArray), "takes argument, which can change")]
    [InlineData(typeof(ITakesReadOnlyList), "takes argument, which can change")]
    [InlineData(typeof(ITakesSettable), "Settable.Value can be set after the object is made")]
    [InlineData(typeof(ITakesNested), "Nested.Inner")]
    [InlineData(typeof(ITakesFamily), "Mutable.Value can be set after the object is made")]
    [InlineData(typeof(IReturnsList), "returns what can change")]
    [InlineData(typeof(IReturnsNothing), "Return Task")]
    [InlineData(typeof(IHasProperty), "belongs to a property")]
    [InlineData(typeof(IIsGeneric), "is generic")]
    [InlineData(typeof(ITakesByReference), "by reference")]
    public void FaultyContract_KeepsTheSiloFromStarting(Type faulty, string why)
    {
        var error = Assert.Throws<ContractException>(() => StartWith(AssemblyWith(faulty)));

        var problem = Assert.Single(error.Problems);
        Assert.Contains(why, problem, StringComparison.Ordinal);
        Assert.Contains(faulty.Name, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void ImmutableTypes_ArePassed()
    {
        Assert.Null(WhyMutable(typeof(Good)));
        Assert.Null(WhyMutable(typeof((int, ImmutableDictionary<string, Good>?, Guid?))));
    }

    [Fact]
    public void ClassesThatCannotBeHosted_AreNamed()
    {
        var problems = Assert.Throws<ContractException>(() => StartWith(BadClasses())).Problems;

        Assert.Contains(problems, problem => problem.Contains("[StatelessWorker]", StringComparison.Ordinal));
    }

    private static string? WhyMutable(Type type) => ImmutableTypes.WhyMutable(type);

    private static void StartWith(Assembly assembly)
    {
        using var services = new ServiceCollection()
            .AddSoloSilo(options => options.GrainAssemblies.Add(assembly))
            .BuildServiceProvider();
        services.GetServices<IHostedService>();
    }

    /// <summary>An assembly with one contract that has the faulty methods: such types must not be in this one.</summary>
    private static AssemblyBuilder AssemblyWith(Type faulty)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Faulty"), AssemblyBuilderAccess.Run);
        var contract = assembly.DefineDynamicModule("Faulty")
            .DefineType($"{faulty.Name}Grain", TypeAttributes.Interface | TypeAttributes.Abstract | TypeAttributes.Public);
        contract.AddInterfaceImplementation(typeof(IGrainWithStringKey));
        contract.AddInterfaceImplementation(faulty);
        contract.CreateType();
        return assembly;
    }

    private static AssemblyBuilder BadClasses()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Faulty"), AssemblyBuilderAccess.Run);
        var grain = assembly.DefineDynamicModule("Faulty").DefineType("WorkerGrain", TypeAttributes.Class | TypeAttributes.Public, typeof(Grain), [typeof(IGrainWithStringKey)]);
        grain.SetCustomAttribute(new CustomAttributeBuilder(typeof(Orleans.Concurrency.StatelessWorkerAttribute).GetConstructor([])!, [])); // it has that constructor
        grain.CreateType();
        return assembly;
    }

    public sealed class Settable
    {
        public int Value { get; set; }
    }

    public sealed record Nested(Settable Inner);

    public abstract record Family
    {
        public sealed record Fine(int Value) : Family;

        public sealed record Mutable : Family
        {
            public int Value { get; set; }
        }
    }

    public sealed record Good(string Text, ImmutableArray<Good> Others, [property: Immutable] IReadOnlyList<int> Promised, DayOfWeek Day);
}
