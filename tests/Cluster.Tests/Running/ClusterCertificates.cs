using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EmergencyStop.Cluster.Tests.Running;

/// <summary>Authorities, and certificates of theirs, in files.</summary>
internal sealed class ClusterCertificates(string folder)
{
    /// <summary>An authority, and one certificate of it for all: a cluster in earnest makes one for each process.</summary>
    public Dictionary<string, string> Make(string name)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest($"CN={name} authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var (from, until) = (DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var authority = authorityRequest.CreateSelfSigned(from, until);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name} process", key, HashAlgorithmName.SHA256);
        using var certificate = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(8));
        return new(StringComparer.Ordinal)
        {
            ["Cluster__TlsAuthorityFile"] = Write($"{name}-authority.pem", authority.ExportCertificatePem()),
            ["Cluster__TlsCertificateFile"] = Write($"{name}.pem", certificate.ExportCertificatePem()),
            ["Cluster__TlsKeyFile"] = Write($"{name}.key", key.ExportPkcs8PrivateKeyPem()),
        };
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
