namespace Orleans.Runtime;

/// <summary>Which activation's turn runs on this thread.</summary>
internal static class RuntimeContext
{
    [ThreadStatic]
    private static IGrainContext? s_current;

    public static IGrainContext? Current
    {
        get => s_current;
        set => s_current = value;
    }
}
