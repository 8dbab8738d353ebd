namespace EmergencyStop.Api.Console.Pages;

/// <summary>The sign-in.</summary>
/// <param name="Return">Where to go then.</param>
/// <param name="Pressed">Whether somebody who was signed out has pressed something.</param>
/// <param name="WhyNot">Why the last try failed.</param>
public sealed record SignInModel(string Return, bool Pressed, string? WhyNot);
