using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using Orleans.Runtime;

namespace Orleans.Solo;

/// <summary>The class of a method's calls.</summary>
/// <param name="Constructor">Makes one.</param>
/// <param name="Arguments">Where each argument goes; null for the cancellation token.</param>
internal sealed record EmittedCall(ConstructorInfo Constructor, ImmutableArray<FieldInfo?> Arguments);

/// <summary>Emits the classes of calls: a field for each argument, and the call itself on the grain's object.</summary>
internal static class CallEmitter
{
    private const BindingFlags Members = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    public static readonly MethodInfo UseToken = typeof(GrainCall).GetMethod(nameof(GrainCall.UseToken), Members)!; // declared there

    private static readonly MethodInfo CalleeToken =
        typeof(GrainCall).GetProperty(nameof(GrainCall.CalleeToken), Members)!.GetMethod!; // declared there

    public static EmittedCall Emit(ModuleBuilder module, MethodInfo method, int number)
    {
        var baseType = ResultOf(method.ReturnType) is { } result ? typeof(GrainCall<>).MakeGenericType(result) : typeof(GrainVoidCall);
        var call = module.DefineType($"{method.DeclaringType}.{method.Name}.{number}", TypeAttributes.Class | TypeAttributes.Sealed | TypeAttributes.Public, baseType);
        var constructor = call.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, []);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, baseType.GetConstructor(Members, [])!); // both bases have one
        il.Emit(OpCodes.Ret);

        ImmutableArray<FieldInfo?> arguments =
        [
            .. method.GetParameters().Select(parameter => parameter.ParameterType == typeof(CancellationToken)
                ? null
                : call.DefineField($"arg{parameter.Position}", parameter.ParameterType, FieldAttributes.Public)),
        ];
        EmitInvoke(call, baseType, method, arguments);
        call.CreateType();
        return new EmittedCall(constructor, arguments);
    }

    /// <summary>The method of <see cref="GrainReference"/> that sends a call of this return type.</summary>
    public static MethodInfo SenderFor(Type returnType) => ResultOf(returnType) is { } result
        ? typeof(GrainReference).GetMethod(nameof(GrainReference.Send), Members)!.MakeGenericMethod(result) // declared there
        : typeof(GrainReference).GetMethod(nameof(GrainReference.SendVoid), Members)!; // declared there

    /// <summary>The constructor that turns a task into the return type, if that is a value task.</summary>
    public static ConstructorInfo? ValueTaskFrom(Type returnType) => !returnType.IsValueType
        ? null
        : returnType.GetConstructor([ResultOf(returnType) is { } result ? typeof(Task<>).MakeGenericType(result) : typeof(Task)]);

    /// <summary>The T of Task&lt;T&gt; and ValueTask&lt;T&gt;; null for those without a result.</summary>
    private static Type? ResultOf(Type returnType) => returnType.IsGenericType ? returnType.GetGenericArguments()[0] : null;

    private static void EmitInvoke(TypeBuilder call, Type baseType, MethodInfo method, ImmutableArray<FieldInfo?> arguments)
    {
        var declared = baseType.GetMethod("Invoke", Members, [typeof(object)])!; // both bases declare it
        var invoke = call.DefineMethod(
            "Invoke",
            MethodAttributes.FamORAssem | MethodAttributes.Virtual | MethodAttributes.HideBySig,
            declared.ReturnType,
            [typeof(object)]);
        var il = invoke.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!); // methods of interfaces have one
        foreach (var argument in arguments)
        {
            il.Emit(OpCodes.Ldarg_0);
            if (argument is null)
            {
                il.Emit(OpCodes.Call, CalleeToken);
            }
            else
            {
                il.Emit(OpCodes.Ldfld, argument);
            }
        }

        il.Emit(OpCodes.Callvirt, method);
        if (!method.ReturnType.IsValueType)
        {
            il.Emit(OpCodes.Newobj, declared.ReturnType.GetConstructor([method.ReturnType])!); // ValueTask takes a Task
        }

        il.Emit(OpCodes.Ret);
        call.DefineMethodOverride(invoke, declared);
    }
}
