using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EmergencyStop.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace EmergencyStop.Silo.Tests;

/// <summary>Keys and orders never cross a network in clear unless somebody says so.</summary>
[Trait("Host", "Any")]
public sealed class ListeningTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://LOCALHOST:0", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("http://unix:/run/emergency-stop.sock", true)]
    [InlineData("https://0.0.0.0:5443", true)]
    [InlineData("https://*:5443;http://127.0.0.1:5080", true)]
    [InlineData("http://*:5080", false)]
    [InlineData("http://+:5080", false)]
    [InlineData("http://0.0.0.0:5080", false)]
    [InlineData("http://[::]:5080", false)]
    [InlineData("http://192.0.2.7:5080", false)]
    [InlineData("http://stop.example.com", false)]
    [InlineData("http://localhost.example.com", false)]
    [InlineData("http://127.0.0.1:5080;http://0.0.0.0:5081", false)]
    [InlineData("HTTP://0.0.0.0:5081", false)]
    [InlineData("nonsense", false)]
    public void Address_InClearForOthers_IsRefused(string urls, bool may) => Assert.Equal(may, ListenCheck.WhyNot(Configuration(), urls) is null);

    [Fact]
    public void KestrelsOwnEndpoints_AreWhatIsChecked()
    {
        Assert.NotNull(ListenCheck.WhyNot(Configuration(("Kestrel:Endpoints:Open:Url", "http://0.0.0.0:5080")), SiloSettings.DefaultUrls));
        Assert.Null(ListenCheck.WhyNot(Configuration(("Kestrel:Endpoints:Tls:Url", "https://0.0.0.0:5443")), "http://0.0.0.0:5080"));
        Assert.Null(ListenCheck.WhyNot(Configuration(("Listening:AllowInsecureHttp", "true")), "http://0.0.0.0:5080"));
    }

    [Fact]
    public async Task Start_InClearForOthers_IsOneSentence_Code2_AndChangesNothing()
    {
        using var parent = new TempFolder();
        var data = Path.Combine(parent.Path, "data");

        var (code, output, error) = await ServiceProcess.RunAsync("Silo", "--data", data, "--urls", "http://0.0.0.0:0");

        Assert.Equal((2, string.Empty), (code, output));
        Assert.Contains("--allow-insecure-http", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task Start_InClearForOthers_GoesOnWhenToldSo()
    {
        using var data = new TempFolder();
        await using var service = await ServiceProcess.StartWithAsync(
            data.Path, new Dictionary<string, string>(StringComparer.Ordinal), "--urls", "http://0.0.0.0:0", "--allow-insecure-http");
        Assert.Equal(0, await service.TerminateAsync());
    }

    [Fact]
    public async Task Https_ByKestrelsConfiguration_Serves()
    {
        using var data = new TempFolder();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["Kestrel__Endpoints__Tls__Url"] = "https://127.0.0.1:0",
            ["Kestrel__Endpoints__Tls__Certificate__Path"] = MakeCertificate(data.Path),
            ["Kestrel__Endpoints__Tls__Certificate__KeyPath"] = Path.Combine(data.Path, "key.pem"),
        };
        await using var service = await ServiceProcess.StartWithAsync(data.Path, environment);
        using var root = X509Certificate2.CreateFromPem(File.ReadAllText(Path.Combine(data.Path, "certificate.pem")));
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(root);
        using var http = new HttpClient(handler) { BaseAddress = service.Url };

        Assert.Equal(Uri.UriSchemeHttps, service.Url.Scheme);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(s => s.Key, s => (string?)s.Value)).Build();

    private static string MakeCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        var path = Path.Combine(folder, "certificate.pem");
        File.WriteAllText(path, certificate.ExportCertificatePem());
        return path;
    }
}
