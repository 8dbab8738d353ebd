using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using EmergencyStop.Venues.Strategies;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.Options;

namespace EmergencyStop.Silo.Hosting;

/// <summary>Seals session keys with a key made of the secret that all processes of a cluster share, so that the database alone opens no session.</summary>
internal sealed class SessionKeySeal : IXmlEncryptor, IXmlDecryptor
{
    private const int KeyBytes = 32;
    private readonly byte[] _key;

    /// <summary>Takes the secret of <c>Callbacks</c>; .NET makes one of these by name to open what another has sealed.</summary>
    public SessionKeySeal(IServiceProvider services) => _key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, services.GetRequiredService<IOptions<CallbackOptions>>().Value.ServiceSecret(), KeyBytes, info: "console session keys"u8.ToArray());

    /// <inheritdoc/>
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        var nonce = RandomNumberGenerator.GetBytes(AesGcm.NonceByteSizes.MaxSize);
        var (cipher, tag) = (new byte[plain.Length], new byte[AesGcm.TagByteSizes.MaxSize]);
        using var aes = new AesGcm(_key, tag.Length);
        aes.Encrypt(nonce, plain, cipher, tag);
        return new(new XElement("sealed", Convert.ToBase64String([.. nonce, .. tag, .. cipher])), typeof(SessionKeySeal));
    }

    /// <inheritdoc/>
    public XElement Decrypt(XElement encryptedElement)
    {
        var all = Convert.FromBase64String(encryptedElement.Value).AsSpan();
        var (nonce, tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        var plain = new byte[all.Length - nonce - tag];
        using var aes = new AesGcm(_key, tag);
        aes.Decrypt(all[..nonce], all[(nonce + tag)..], all[nonce..(nonce + tag)], plain);
        return XElement.Parse(Encoding.UTF8.GetString(plain));
    }
}
