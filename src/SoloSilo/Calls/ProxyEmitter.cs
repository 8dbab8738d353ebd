using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>Makes a proxy of a grain.</summary>
internal delegate GrainReference ProxyConstructor(GrainId grainId, SoloRuntime runtime, InterfaceContract contract);

/// <summary>Emits, once a process for each grain interface, the class of its proxies.</summary>
/// <remarks>
/// A proxy's method makes the call object that <see cref="CallEmitter"/> emitted for it, fills in the arguments and
/// sends it: no reflection, no boxing and no argument array in a call.
/// </remarks>
internal static class ProxyEmitter
{
    private static readonly ConcurrentDictionary<Type, ProxyConstructor> Constructors = new();

    private static readonly Type[] ConstructorParameters = [typeof(GrainId), typeof(SoloRuntime), typeof(InterfaceContract)];

    private static readonly ConstructorInfo BaseConstructor = typeof(GrainReference).GetConstructor(
        BindingFlags.Instance | BindingFlags.NonPublic, ConstructorParameters)!; // declared in this assembly

    public static ProxyConstructor For(Type contract) => Constructors.GetOrAdd(contract, Emit);

    /// <summary>The methods of a contract, its inherited ones included, in an order that is always the same.</summary>
    public static ImmutableArray<MethodInfo> MethodsOf(Type contract) =>
    [
        .. new[] { contract }
            .Concat(contract.GetInterfaces().OrderBy(type => type.FullName, StringComparer.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.IsAbstract),
    ];

    private static ProxyConstructor Emit(Type contract)
    {
        var module = DefineModule(contract);
        var proxy = module.DefineType(
            $"{contract.Name}.Proxy", TypeAttributes.Class | TypeAttributes.Sealed | TypeAttributes.Public, typeof(GrainReference), [contract]);
        EmitConstructor(proxy);
        var methods = MethodsOf(contract);
        for (var number = 0; number < methods.Length; number++)
        {
            var call = CallEmitter.Emit(module, methods[number], number);
            EmitMethod(proxy, methods[number], number, call);
        }

        var constructor = proxy.CreateType().GetConstructor(ConstructorParameters)!; // emitted above
        var parameters = ConstructorParameters.Select(Expression.Parameter).ToArray();
        return Expression.Lambda<ProxyConstructor>(Expression.New(constructor, parameters), parameters).Compile();
    }

    private static ModuleBuilder DefineModule(Type contract)
    {
        var attribute = typeof(IgnoresAccessChecksToAttribute).GetConstructor([typeof(string)])!; // declared in this assembly
        var trusted = MethodsOf(contract)
            .SelectMany(method => method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType))
            .SelectMany(WithArguments)
            .Append(contract)
            .Append(typeof(ProxyEmitter))
            .Concat(contract.GetInterfaces())
            .Select(type => type.Assembly.GetName().Name!) // assemblies have names
            .Distinct(StringComparer.Ordinal)
            .Select(name => new CustomAttributeBuilder(attribute, [name]));
        return AssemblyBuilder
            .DefineDynamicAssembly(new AssemblyName($"{contract.FullName}.Proxy"), AssemblyBuilderAccess.Run, trusted)
            .DefineDynamicModule("Proxy");
    }

    private static IEnumerable<Type> WithArguments(Type type) => type.GetGenericArguments().SelectMany(WithArguments).Append(type);

    private static void EmitConstructor(TypeBuilder proxy)
    {
        var il = proxy.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, ConstructorParameters).GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Ldarg_3);
        il.Emit(OpCodes.Call, BaseConstructor);
        il.Emit(OpCodes.Ret);
    }

    private static void EmitMethod(TypeBuilder proxy, MethodInfo method, int number, EmittedCall call)
    {
        var parameters = method.GetParameters().Select(parameter => parameter.ParameterType).ToArray();
        var builder = proxy.DefineMethod(
            $"{method.DeclaringType}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            method.ReturnType,
            parameters);
        var il = builder.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, call.Constructor);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, i + 1);
            if (call.Arguments[i] is { } field)
            {
                il.Emit(OpCodes.Stfld, field);
            }
            else
            {
                il.Emit(OpCodes.Call, CallEmitter.UseToken);
            }
        }

        il.Emit(OpCodes.Ldc_I4, number);
        il.Emit(OpCodes.Call, CallEmitter.SenderFor(method.ReturnType));
        if (CallEmitter.ValueTaskFrom(method.ReturnType) is { } valueTask)
        {
            il.Emit(OpCodes.Newobj, valueTask);
        }

        il.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(builder, method);
    }
}
