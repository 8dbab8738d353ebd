using Microsoft.Extensions.Options;

namespace EmergencyStop.Venues.Accounts;

/// <summary>Refuses to start with an account map that <see cref="ConfiguredAccounts"/> refuses.</summary>
internal sealed class AccountsValidator : IValidateOptions<AccountsOptions>
{
    public ValidateOptionsResult Validate(string? name, AccountsOptions options)
    {
        try
        {
            _ = new ConfiguredAccounts(Options.Create(options));
            return ValidateOptionsResult.Success;
        }
        catch (OptionsValidationException refused)
        {
            return ValidateOptionsResult.Fail(refused.Failures);
        }
    }
}
