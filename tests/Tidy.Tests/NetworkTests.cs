using System.Globalization;
using k8s.Models;

namespace EmergencyStop.Tidy.Tests;

/// <summary>Nobody but the cluster's own processes reaches a silo, and a process reaches only what it needs.</summary>
public sealed class NetworkTests
{
    private const string Component = "app.kubernetes.io/component";
    private static readonly V1NetworkPolicy[] Policies = [.. Manifests.All.OfType<V1NetworkPolicy>()];
    private static readonly string SiloPort = Manifests.Settings["Cluster:SiloPort"];
    private static readonly string GatewayPort = Manifests.Settings["Cluster:GatewayPort"];

    [Fact]
    public void Nothing_IsLetInOrOut_UnlessARuleSaysSo()
    {
        var closed = Assert.Single(Policies, p => p.Spec.PodSelector.MatchLabels is null);
        Assert.Equal(["Egress", "Ingress"], closed.Spec.PolicyTypes.Order(StringComparer.Ordinal));
        Assert.Null(closed.Spec.Ingress);
        Assert.Null(closed.Spec.Egress);
    }

    [Fact]
    public void Silos_AreReachedOnTheirOwnPorts_BySilosAndGatewaysOnly()
    {
        var rules = Policies.Where(p => Selects(p, "silo")).SelectMany(p => p.Spec.Ingress ?? []).ToArray();
        Assert.All(rules, r => Assert.NotEmpty(r.FromProperty)); // A rule without a from lets everybody in.
        var reached = rules.SelectMany(r => r.FromProperty.SelectMany(f => r.Ports.Select(p => (Port: p.Port.Value, From: Pods(f))))).Order().ToArray();
        (string Port, string From)[] expected = [(SiloPort, "silo"), (GatewayPort, "gateway"), (GatewayPort, "silo")];
        Assert.Equal(expected.Order(), reached);
    }

    [Fact]
    public void Gateways_AreReachedOverTlsOnly()
    {
        var ports = Policies.Where(p => Selects(p, "gateway")).SelectMany(p => p.Spec.Ingress ?? []).SelectMany(r => r.Ports).Select(p => p.Port.Value);
        var container = Manifests.Container(Manifests.Sets.Single(s => s.Metadata.Name == "estop-gateway"));
        var url = container.Env.Single(e => e.Name.EndsWith("__Url", StringComparison.Ordinal)).Value;
        Assert.StartsWith("https://", url, StringComparison.Ordinal);
        Assert.Equal([new Uri(url).Port.ToString(CultureInfo.InvariantCulture)], ports);
    }

    [Theory]
    [InlineData("silo", "11111", "30000", "53", "443", "5432")]
    [InlineData("gateway", "30000", "53", "443", "5432")]
    public void Processes_ReachTheClusterNamesLedgerAndVenue_AndNothingElse(string component, params string[] ports)
    {
        var rules = Policies.Where(p => Selects(p, component)).SelectMany(p => p.Spec.Egress ?? []).ToArray();
        Assert.All(rules, r => Assert.NotEmpty(r.To));
        Assert.Equal(ports.Order(StringComparer.Ordinal), rules.SelectMany(r => r.Ports).Select(p => p.Port.Value).Distinct().Order(StringComparer.Ordinal));
        var outside = Assert.Single(rules.SelectMany(r => r.To), t => t.IpBlock is not null);
        Assert.Contains("169.254.0.0/16", outside.IpBlock.Except); // Where clouds hand out the machine's own credentials.
    }

    [Theory]
    [InlineData("estop-silo", "silo", "Cluster:SiloPort")]
    [InlineData("estop-silo", "gateway", "Cluster:GatewayPort")]
    public void Ports_AreTheOnesOnWhichSilosListen(string set, string port, string setting)
    {
        var container = Manifests.Container(Manifests.Sets.Single(s => s.Metadata.Name == set));
        Assert.Equal(Manifests.Settings[setting], Assert.Single(container.Ports, p => p.Name == port).ContainerPort.ToString(CultureInfo.InvariantCulture));
        Assert.Equal("status.podIP", Assert.Single(container.Env, e => e.Name == "Cluster__AdvertisedAddress").ValueFrom.FieldRef.FieldPath);
    }

    private static bool Selects(V1NetworkPolicy policy, string component) =>
        policy.Spec.PodSelector.MatchLabels is { } labels && (!labels.TryGetValue(Component, out var only) || only == component);

    private static string Pods(V1NetworkPolicyPeer peer) => peer is { IpBlock: null, NamespaceSelector: null } ? peer.PodSelector.MatchLabels[Component] : "somebody else";
}
