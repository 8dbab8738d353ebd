using System.Net;
using Microsoft.AspNetCore.Http;

namespace EmergencyStop.Silo.Hosting;

/// <summary>Refuses to serve keys and orders in clear to other machines. Pure.</summary>
internal static class ListenCheck
{
    /// <summary>Why the service must not start with this configuration, in a sentence; <c>null</c> when it may.</summary>
    public static string? WhyNot(IConfiguration configuration, string urls)
    {
        if (configuration.GetValue($"{ListeningOptions.Section}:{nameof(ListeningOptions.AllowInsecureHttp)}", false))
        {
            return null;
        }

        // As in Kestrel: endpoints of its own section are listened on in place of the urls.
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>().ToArray();
        return (endpoints.Length > 0 ? endpoints : urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Select(WhyNot).FirstOrDefault(why => why is not null);
    }

    private static string? WhyNot(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return $"{url} is no address to listen on: write it like http://127.0.0.1:5080.";
        }

        return address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase) || address.IsUnixPipe || address.IsNamedPipe || IsThisMachineOnly(address.Host)
            ? null
            : $"{url} would serve keys and orders in clear to other machines: use https, an address of this machine only, or --allow-insecure-http behind a proxy that speaks TLS.";
    }

    /// <summary>A name other than localhost is every address of the machine, for Kestrel.</summary>
    private static bool IsThisMachineOnly(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}

/// <summary>The service must not start as it is configured; the message is one sentence that says what to do.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
