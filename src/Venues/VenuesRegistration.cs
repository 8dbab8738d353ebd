using EmergencyStop.Venues.Accounts;
using EmergencyStop.Venues.Alpaca;
using EmergencyStop.Venues.Simulated;
using EmergencyStop.Strategies;
using EmergencyStop.Venues.Strategies;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues;

/// <summary>Registers the world outside: the venue, the accounts, the strategies.</summary>
public static class VenuesRegistration
{
    /// <summary>
    /// Adds the venue that the section <c>Venues</c> asks for: the one at <c>Venues:Alpaca:BaseUrl</c>, or without it the
    /// simulated one in this process.
    /// </summary>
    public static IServiceCollection AddVenues(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection("Venues");
        services.AddOptions<AccountsOptions>().Bind(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AccountsOptions>, AccountsValidator>();
        services.AddSingleton<ConfiguredAccounts>();
        services.AddSingleton<IAccountMap>(provider => provider.GetRequiredService<ConfiguredAccounts>());
        services.AddOptions<CallbackOptions>().Bind(configuration.GetSection("Callbacks")).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StrategyCallbacks>();
        services.AddSingleton<IStrategyManager>(provider => provider.GetRequiredService<StrategyCallbacks>());
        services.AddSingleton<ICallbackRules>(provider => provider.GetRequiredService<StrategyCallbacks>());
        var alpaca = section.GetSection("Alpaca");
        var url = VenueUrl(alpaca[nameof(AlpacaOptions.BaseUrl)], AccountsFile.Read(section[nameof(AccountsOptions.AccountsFile)]).Url);
        if (url is null)
        {
            services.AddSimulatedMarket(section.GetSection("Simulated"));
            return services.AddSingleton<IVenue, SimulatedVenue>();
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<AlpacaOptions>().Bind(alpaca).Configure(options => options.BaseUrl = url).ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlpacaOptions>, AlpacaOptionsValidator>();
        return services.AddSingleton<IVenue, AlpacaVenue>();
    }

    /// <summary>Keys must never go to another venue than the one that they were added for.</summary>
    private static Uri? VenueUrl(string? configured, Uri? ofAccounts)
    {
        if (string.IsNullOrWhiteSpace(configured))
        {
            return ofAccounts;
        }

        var url = Uri.TryCreate(configured, UriKind.RelativeOrAbsolute, out var read) ? read : null;
        return ofAccounts is null || ofAccounts == url
            ? url
            : throw new OptionsValidationException(
                nameof(AlpacaOptions.BaseUrl),
                typeof(AlpacaOptions),
                [$"The accounts file is for the venue at {ofAccounts}, and the settings name {configured}: keys are not sent to another venue."]);
    }
}
