using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.Serialization;
using Orleans.Serialization;

namespace Orleans.Solo;

/// <summary>Copies exceptions for callers, with as much of them as Orleans would carry across a call.</summary>
/// <remarks>
/// Exceptions of System, Microsoft and Azure keep message, stack, data, result code and inner exception; those with
/// [GenerateSerializer] also their [Id] members. Others do not cross.
/// </remarks>
internal static class ExceptionCrossing
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly ConstructorInfo Restore =
        typeof(Exception).GetConstructor(Declared, [typeof(SerializationInfo), typeof(StreamingContext)])!; // part of .NET

    /// <summary>The copy; a <see cref="CodecNotFoundException"/> if the exception, or any behind it, does not cross.</summary>
    public static Exception Copy(Exception exception) => FirstUnknown(exception) is { } unknown
        ? new CodecNotFoundException($"Could not find a codec for type {unknown.GetType()}. Its message was: {unknown.Message}")
        : CopyKnown(exception);

    private static Exception? FirstUnknown(Exception exception)
    {
        if (!IsOfThePlatform(exception.GetType()) && !HasSerializer(exception.GetType()))
        {
            return exception;
        }

        var behind = exception is AggregateException aggregate ? aggregate.InnerExceptions : exception.InnerException is { } inner ? [inner] : (IEnumerable<Exception>)[];
        return behind.Select(FirstUnknown).FirstOrDefault(unknown => unknown is not null);
    }

    private static Exception CopyKnown(Exception exception)
    {
        var type = exception.GetType();
        if (exception is AggregateException aggregate && type == typeof(AggregateException))
        {
            return WithBase(new AggregateException(aggregate.InnerExceptions.Select(CopyKnown)), exception);
        }

        return HasSerializer(type)
            ? WithMembers(WithBase((Exception)RuntimeHelpers.GetUninitializedObject(type), exception), exception)
            : WithBase(Blank(type), exception);
    }

    private static bool HasSerializer(Type type) => type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false);

    private static bool IsOfThePlatform(Type type) =>
        type.Namespace is { } name
        && (name.StartsWith("System", StringComparison.Ordinal)
            || name.StartsWith("Microsoft", StringComparison.Ordinal)
            || name.StartsWith("Azure", StringComparison.Ordinal));

    private static Exception Blank(Type type) => type.GetConstructor([]) is null
        ? (Exception)RuntimeHelpers.GetUninitializedObject(type)
        : (Exception)Activator.CreateInstance(type)!; // a class with a constructor makes an object

#pragma warning disable SYSLIB0050, SYSLIB0051 // The only way to set the message of an exception of any type.
    private static Exception WithBase(Exception copy, Exception source)
    {
        var info = new SerializationInfo(source.GetType(), new FormatterConverter());
        info.AddValue("Message", MessageField(source), typeof(string));
        info.AddValue("StackTraceString", null, typeof(string));
        info.AddValue("InnerException", source.InnerException is { } inner ? CopyKnown(inner) : null, typeof(Exception));
        info.AddValue("ClassName", source.GetType().ToString(), typeof(string));
        info.AddValue("Data", null, typeof(IDictionary));
        info.AddValue("HelpURL", null, typeof(string));
        info.AddValue("RemoteStackTraceString", null, typeof(string));
        info.AddValue("RemoteStackIndex", 0, typeof(int));
        info.AddValue("ExceptionMethod", null, typeof(string));
        info.AddValue("HResult", source.HResult);
        info.AddValue("Source", null, typeof(string));
        info.AddValue("WatsonBuckets", null, typeof(byte[]));
        Restore.Invoke(copy, [info, new StreamingContext(StreamingContextStates.All)]);
        foreach (DictionaryEntry entry in source.Data)
        {
            if (entry.Value is null || ImmutableTypes.IsImmutable(entry.Value.GetType()))
            {
                copy.Data[entry.Key] = entry.Value;
            }
        }

        if (source.StackTrace is { } stack)
        {
            ExceptionDispatchInfo.SetRemoteStackTrace(copy, stack);
        }

        return copy;
    }

    private static string? MessageField(Exception source)
    {
        var info = new SerializationInfo(source.GetType(), new FormatterConverter());
        source.GetObjectData(info, new StreamingContext(StreamingContextStates.All));
        return info.GetString("Message");
    }
#pragma warning restore SYSLIB0050, SYSLIB0051

    private static Exception WithMembers(Exception copy, Exception source)
    {
        for (var type = source.GetType(); type is not null && type != typeof(Exception); type = type.BaseType)
        {
            foreach (var field in SerializedMembers.FieldsOf(type))
            {
                field.SetValue(copy, field.GetValue(source));
            }
        }

        return copy;
    }
}
