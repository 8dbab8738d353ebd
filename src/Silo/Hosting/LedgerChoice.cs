using EmergencyStop.Ledger;
using EmergencyStop.Ledger.PostgreSql;
using EmergencyStop.Ledger.Rows;
using EmergencyStop.Ledger.Sqlite;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Silo.Hosting;

/// <summary>Which ledger the settings name: <c>Ledger</c> is <c>Sqlite</c> (the default) or <c>PostgreSql</c>.</summary>
internal sealed class LedgerChoice
{
    private const string Setting = "Ledger";
    private readonly SiloSettings _settings;
    private readonly string? _connectionString;
    private readonly PostgreSqlLedgerOptions _options = new();

    private LedgerChoice(SiloSettings settings, IConfiguration configuration)
    {
        _settings = settings;
        if (configuration[Setting] is not { } kind || string.Equals(kind, "Sqlite", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        if (!string.Equals(kind, "PostgreSql", StringComparison.OrdinalIgnoreCase))
        {
            throw new StartRefusedException($"{Setting} is {kind}, which is no ledger: set it to Sqlite or PostgreSql.");
        }

        _connectionString = configuration.GetConnectionString(Setting) is { Length: > 0 } text ? text
            : throw new StartRefusedException("Ledger is PostgreSql, and nothing says which database: set ConnectionStrings:Ledger to Host=…;Database=…;Username=…;Password=….");
        configuration.GetSection(PostgreSqlLedgerOptions.Section).Bind(_options);
        var checkedOptions = new PostgreSqlLedgerOptionsValidator().Validate(null, _options);
        if (checkedOptions.Failed)
        {
            throw new OptionsValidationException(PostgreSqlLedgerOptions.Section, typeof(PostgreSqlLedgerOptions), checkedOptions.Failures);
        }
    }

    /// <summary>Whether the ledger is a file in the data folder.</summary>
    public bool IsFile => _connectionString is null;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="StartRefusedException">They name no ledger.</exception>
    public static LedgerChoice Of(SiloSettings settings) => new(
        settings, WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory }).Configuration);

    /// <summary>Checks the ledger, one finding a check, without writing to it.</summary>
    /// <exception cref="LedgerUnavailableException">The connection string cannot be read.</exception>
    public IEnumerable<LedgerFinding> Check() => _connectionString is { } at ? PostgreSqlCheck.Run(at) : LedgerCheck.Run(_settings.LedgerFile);

    /// <summary>Opens the ledger.</summary>
    /// <param name="service">Whether for a service: on the Solo host it is the only one on its ledger. Commands work beside it.</param>
    /// <param name="cancellationToken">Abandons the wait.</param>
    /// <exception cref="LedgerUnavailableException">It cannot be used; the message says what to do.</exception>
    public async Task<StoredLedger> OpenAsync(bool service, CancellationToken cancellationToken) => _connectionString is { } at
        ? await PostgreSqlLedger.OpenAsync(at, _options, alone: service && GrainHosting.IsAlone, TimeProvider.System, cancellationToken)
        : await SqliteLedger.OpenAsync(new SqliteLedgerOptions { Path = _settings.LedgerFile }, TimeProvider.System, cancellationToken);
}
