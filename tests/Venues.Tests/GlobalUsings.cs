global using EmergencyStop.Ids;
global using EmergencyStop.Orders;
global using EmergencyStop.Venues;
global using EmergencyStop.Venues.Sending;
global using EmergencyStop.Venues.Simulated;
global using EmergencyStop.Venues.Tests.Simulated;
global using static EmergencyStop.Venues.Tests.Readings;
