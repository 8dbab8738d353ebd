using EmergencyStop.Ledger.Rows;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Ledger.Sqlite;

/// <summary>Registers the SQLite ledger.</summary>
public static class SqliteLedgerRegistration
{
    /// <summary>Adds the ledger; the host opens it before the services that were registered after it start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets at least the path.</param>
    public static IServiceCollection AddSqliteLedger(this IServiceCollection services, Action<SqliteLedgerOptions> configure)
    {
        services.AddOptions<SqliteLedgerOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SqliteLedgerOptions>, SqliteLedgerOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(static provider => new SqliteLedger(
            provider.GetRequiredService<IOptions<SqliteLedgerOptions>>().Value, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ILedger>(static provider => provider.GetRequiredService<SqliteLedger>());
        services.AddHostedService<Opening>();
        return services;
    }

    /// <summary>Opens the ledger at start; the container closes it at the end.</summary>
    private sealed class Opening(SqliteLedger ledger) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => ledger.OpenAsync(cancellationToken);

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
