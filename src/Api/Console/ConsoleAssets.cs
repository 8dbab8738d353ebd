using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EmergencyStop.Api.Console;

/// <summary>Style, script and icon of the pages, embedded in the assembly: they are there in whatever folder the service runs.</summary>
internal sealed class ConsoleAssets
{
    private const string Prefix = "console/";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, (byte[] Content, string Hash)> _assets = Read();

    /// <summary>Where an asset of this build is; another build's is somewhere else, so it may be kept for good.</summary>
    public string PathOf(string name) => $"{ConsolePaths.Assets}/{name}?v={_assets[name].Hash}";

    /// <summary>Maps them; they hold nothing that a key is needed for.</summary>
    public static void Map(IEndpointRouteBuilder app) => app
        .MapGet($"{ConsolePaths.Assets}/{{name}}", (HttpContext http, string name, ConsoleAssets assets) => assets.Answer(http, name))
        .ExcludeFromDescription();

    private IResult Answer(HttpContext http, string name)
    {
        if (!_assets.TryGetValue(name, out var asset))
        {
            return TypedResults.StatusCode(StatusCodes.Status404NotFound);
        }

        if (http.Request.Query["v"] == asset.Hash)
        {
            http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        }

        return TypedResults.Bytes(asset.Content, Types[Path.GetExtension(name)]);
    }

    private static FrozenDictionary<string, (byte[] Content, string Hash)> Read()
    {
        var assembly = typeof(ConsoleAssets).Assembly;
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(
            name => name[Prefix.Length..],
            name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!; // Named by the assembly itself.
                using var memory = new MemoryStream();
                stream.CopyTo(memory);
                var content = memory.ToArray();
                return (content, Convert.ToHexStringLower(SHA256.HashData(content))[..16]);
            },
            StringComparer.Ordinal);
    }
}
