namespace Orleans.Runtime
{
    /// <summary>Base of what the runtime itself throws.</summary>
    [GenerateSerializer, Alias("OrleansException")]
    public class OrleansException : Exception
    {
        /// <summary>Without a message.</summary>
        public OrleansException()
            : base("Unexpected error.")
        {
        }

        /// <summary>With a message.</summary>
        public OrleansException(string message)
            : base(message)
        {
        }

        /// <summary>With a message and a cause.</summary>
        public OrleansException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>The message was refused before a grain saw it.</summary>
    [GenerateSerializer, Alias("OrleansMessageRejectionException")]
    public class OrleansMessageRejectionException : OrleansException
    {
        internal OrleansMessageRejectionException(string message)
            : base(message)
        {
        }

        internal OrleansMessageRejectionException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }

    /// <summary>The silo that should answer is gone or stopping.</summary>
    [GenerateSerializer, Alias("SiloUnavailableException")]
    public sealed class SiloUnavailableException : OrleansMessageRejectionException
    {
        /// <summary>Without a message.</summary>
        public SiloUnavailableException()
            : base("Silo unavailable")
        {
        }

        /// <summary>With a message.</summary>
        public SiloUnavailableException(string msg)
            : base(msg)
        {
        }

        /// <summary>With a message and a cause.</summary>
        public SiloUnavailableException(string message, Exception? innerException)
            : base(message, innerException)
        {
        }
    }
}

namespace Orleans.Serialization
{
    /// <summary>Base of what goes wrong while a message is written or read.</summary>
    [GenerateSerializer, Alias("SerializerException")]
    public class SerializerException : Exception
    {
        /// <summary>With a message.</summary>
        public SerializerException(string message)
            : base(message)
        {
        }
    }

    /// <summary>A type crossed a call that has no serializer.</summary>
    /// <param name="message">Names the type.</param>
    [GenerateSerializer, Alias("CodecNotFoundException")]
    public sealed class CodecNotFoundException(string message) : SerializerException(message);
}
