using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace EmergencyStop.Silo.Hosting;

/// <summary>TLS between the processes of a cluster: each shows a certificate of the cluster's own authority, and nobody else gets in.</summary>
internal static class ClusterTls
{
    /// <summary>Sets both sides of a connection.</summary>
    public static void Set(TlsOptions tls, ClusterOptions options)
    {
        var authority = X509CertificateLoader.LoadCertificateFromFile(Named(options.TlsAuthorityFile));
        tls.LocalCertificate = X509Certificate2.CreateFromPemFile(Named(options.TlsCertificateFile), Named(options.TlsKeyFile));
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (certificate, _, _) => IsIssuedBy(authority, certificate);
        tls.OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = options.ClusterId;
    }

    /// <summary>Whether the authority has issued it and it is of the day. Its name says nothing: silos come and go by address.</summary>
    private static bool IsIssuedBy(X509Certificate2 authority, X509Certificate2? certificate)
    {
        if (certificate is null)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // A cluster's authority publishes no list; a lost key means a new authority.
        return chain.Build(certificate);
    }

    private static string Named(string? file) => file ?? throw new InvalidOperationException("The TLS files are named together.");
}
