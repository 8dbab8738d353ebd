using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Security.Cryptography;

namespace EmergencyStop.Venues.Strategies;

/// <summary>How strategies are told of pauses; section <c>Callbacks</c>.</summary>
public sealed class CallbackOptions : IValidatableObject
{
    private const int ShortestSecret = 32;

    /// <summary>Networks that may be called although they are not public, as <c>10.1.0.0/16</c> or <c>127.0.0.1/32</c>.</summary>
    /// <value>CIDR blocks; default none. What they do not name follows <see cref="PublicNetworks"/>.</value>
    public IList<string> AllowedNetworks { get; } = [];

    /// <summary>Whether every public address may be called.</summary>
    /// <value>Default true. With false only <see cref="AllowedNetworks"/> may be.</value>
    public bool PublicNetworks { get; set; } = true;

    /// <summary>The service's secret, of which each strategy's own is made.</summary>
    /// <value>At least 32 characters; default none: <see cref="SecretFile"/> has it. Set it by the environment, never in a file of settings.</value>
    public string? Secret { get; set; }

    /// <summary>A file with that secret; made with random content, readable by its owner only, where it is missing.</summary>
    /// <value>Default <c>callbacks.key</c> in the data folder.</value>
    public string? SecretFile { get; set; }

    /// <summary>Longest time of one try, from the name's resolution to the answer's status.</summary>
    /// <value>50 ms to 30 s; default 2 s: a strategy has only to take the notice, not to act on it.</value>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:00:30")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one notice is tried.</summary>
    /// <value>100 ms to 10 min; default 30 s: a strategy that restarts hears of it, and people soon know of one that is gone.</value>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Wait before the second try; it doubles, with jitter, up to 5 s.</summary>
    /// <value>1 ms to 10 s; default 250 ms.</value>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:10")]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Most tries of one notice, the first included.</summary>
    /// <value>1 to 50; default 12.</value>
    [Range(1, 50)]
    public int MostAttempts { get; set; } = 12;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var network in AllowedNetworks.Where(n => !IPNetwork.TryParse(n, out _)))
        {
            yield return new($"Callbacks:AllowedNetworks: '{network}' is no network; write it as 10.1.0.0/16.", [nameof(AllowedNetworks)]);
        }

        if (Secret is { Length: < ShortestSecret })
        {
            yield return new($"Callbacks:Secret must have at least {ShortestSecret} characters.", [nameof(Secret)]);
        }
    }

    /// <summary>The service's secret: as set, from the file, or, without either, one that lasts as long as the process.</summary>
    /// <exception cref="IOException">The file cannot be read or made.</exception>
    public byte[] ServiceSecret()
    {
        if (Secret is { } set)
        {
            return System.Text.Encoding.UTF8.GetBytes(set);
        }

        if (SecretFile is not { } path)
        {
            return RandomNumberGenerator.GetBytes(ShortestSecret);
        }

        if (!File.Exists(path))
        {
            var made = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(ShortestSecret));
            var how = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
            {
                how.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            using var file = new StreamWriter(path, how);
            file.Write(made);
        }

        var text = File.ReadAllText(path).Trim();
        return text.Length >= ShortestSecret
            ? System.Text.Encoding.UTF8.GetBytes(text)
            : throw new IOException($"{path} must hold a secret of at least {ShortestSecret} characters.");
    }
}
