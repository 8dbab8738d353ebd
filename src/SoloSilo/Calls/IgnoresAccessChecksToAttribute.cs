namespace System.Runtime.CompilerServices;

/// <summary>Known to .NET by its name: the assembly that carries it may use another's internal types.</summary>
/// <remarks>Proxies are emitted into assemblies of their own, and grain contracts may be internal.</remarks>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    public string AssemblyName { get; } = assemblyName;
}
