using EmergencyStop.Ids;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Api.Console;

/// <summary>Where the pages are.</summary>
public static class ConsolePaths
{
    /// <summary>Trading or stopped, and what there is to stop.</summary>
    public const string Overview = "/";

    /// <summary>Signing in.</summary>
    public const string SignIn = "/sign-in";

    /// <summary>Signing out.</summary>
    public const string SignOut = "/sign-out";

    /// <summary>The question before a stop, and the press.</summary>
    public const string Stop = "/stop";

    /// <summary>The question before a stop of the own book.</summary>
    public const string Panic = Stop + "?panic=true";

    /// <summary>Every stop, newest first.</summary>
    public const string History = "/stops";

    /// <summary>Open orders.</summary>
    public const string Orders = "/orders";

    /// <summary>Strategies.</summary>
    public const string Strategies = "/strategies";

    /// <summary>Letting a strategy trade again.</summary>
    public const string Resume = Strategies + "/resume";

    /// <summary>Positions.</summary>
    public const string Positions = "/positions";

    /// <summary>The grains at work.</summary>
    public const string Dashboard = "/dashboard";

    /// <summary>Style, script and icon.</summary>
    public const string Assets = "/console";

    // What programs call. Everything else is for people, and is answered with pages.
    private static readonly PathString[] ForPrograms = ["/api", "/openapi", "/health", "/swagger"];

    /// <summary>One stop.</summary>
    public static string Of(StopId stop) => $"{History}/{Uri.EscapeDataString(stop.Value)}";

    /// <summary>The question before a stop of something.</summary>
    /// <param name="scope">The scope's word.</param>
    /// <param name="id">What in it; <c>null</c> for everything.</param>
    public static string Ask(string scope, string? id) => id is null ? $"{Stop}?scope={scope}" : $"{Stop}?scope={scope}&target={Uri.EscapeDataString(id)}";

    /// <summary>Whether somebody at a browser waits for a page here.</summary>
    internal static bool IsForPeople(HttpRequest request) =>
        !IsForPrograms(request)
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether programs call here.</summary>
    internal static bool IsForPrograms(HttpRequest request) =>
        ForPrograms.Any(p => request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a text is the path of a page here, and of nothing elsewhere.</summary>
    internal static bool IsOurs(string? path) => path is ['/', ..] && path is not ['/', '/' or '\\', ..] && !path.Any(char.IsControl);
}
