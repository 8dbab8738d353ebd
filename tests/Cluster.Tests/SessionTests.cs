using System.Net;
using System.Text.RegularExpressions;
using EmergencyStop.Cluster.Tests.Running;
using EmergencyStop.Silo.Tests;
using Npgsql;

namespace EmergencyStop.Cluster.Tests;

/// <summary>Gateways behind one balancer: whoever has signed in at one is known to all.</summary>
[Collection(SharedCluster.Name)]
public sealed partial class SessionTests(SharedCluster shared)
{
    [SkippableFact]
    public async Task ASessionOfOneGateway_OpensThePagesOfAnother_AndTheDatabaseAloneOpensNone()
    {
        var world = await shared.WholeAsync();
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new HttpClientHandler { CookieContainer = cookies, AllowAutoRedirect = false });
        var form = await browser.GetStringAsync(new Uri(world.Gateway(0).Url, "/sign-in"));
        using var fields = new FormUrlEncodedContent([new("key", world.OfficerKey), new("__RequestVerificationToken", Token().Match(form).Groups[1].Value)]);
        using var signedIn = await browser.PostAsync(new Uri(world.Gateway(0).Url, "/sign-in"), fields);
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);

        using var page = await browser.GetAsync(new Uri(world.Gateway(1).Url, "/")); // Cookies do not tell ports apart.
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);

        await using var database = new NpgsqlConnection(world.OrleansDatabase + ";Pooling=false");
        await database.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT string_agg(xml, '') FROM session_keys", database);
        var keys = (string)(await command.ExecuteScalarAsync())!; // There is one by now.
        Assert.Contains("<sealed", keys, StringComparison.Ordinal);
        Assert.DoesNotContain("masterKey", keys, StringComparison.Ordinal);
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\"[^>]*value=\"([^\"]+)\"")]
    private static partial Regex Token();
}
