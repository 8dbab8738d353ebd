using System.Net;
using EmergencyStop.Venues.Strategies;

namespace EmergencyStop.Venues.Tests.Strategies;

public sealed class CallbackNetworksTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("169.254.169.254")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("fd00:ec2::254")]
    [InlineData("ff02::1")]
    public void WhyNot_OfAnAddressThatIsNotPublic_Refuses(string address) =>
        Assert.NotNull(Networks().WhyNot(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:4700:4700::1111")]
    public void WhyNot_OfAPublicAddress_AllowsUnlessOnlyNamedNetworksMay(string address)
    {
        Assert.Null(Networks().WhyNot(IPAddress.Parse(address)));
        Assert.NotNull(Networks(publicOnes: false).WhyNot(IPAddress.Parse(address)));
    }

    [Fact]
    public void WhyNot_OfANamedNetwork_AllowsItAndNothingBesideIt()
    {
        var networks = Networks(allowed: ["10.1.0.0/16", "::1/128"]);
        Assert.Null(networks.WhyNot(IPAddress.Parse("10.1.255.1")));
        Assert.Null(networks.WhyNot(IPAddress.Parse("::ffff:10.1.0.1")));
        Assert.Null(networks.WhyNot(IPAddress.IPv6Loopback));
        Assert.NotNull(networks.WhyNot(IPAddress.Parse("10.2.0.1")));
        Assert.NotNull(networks.WhyNot(IPAddress.Loopback));
    }

    [Fact]
    public void WhyNot_OfThisMachinesOwnPublicAddress_Refuses()
    {
        var own = IPAddress.Parse("8.8.8.8");
        Assert.Contains("own", new CallbackNetworks(new(), () => [own]).WhyNot(own), StringComparison.Ordinal);
    }

    private static CallbackNetworks Networks(bool publicOnes = true, params string[] allowed)
    {
        var options = new CallbackOptions { PublicNetworks = publicOnes };
        foreach (var network in allowed)
        {
            options.AllowedNetworks.Add(network);
        }

        return new(options, () => []);
    }
}
