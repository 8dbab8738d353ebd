global using EmergencyStop.Ids;
global using EmergencyStop.Orders;
global using EmergencyStop.Venues;
global using EmergencyStop.Venues.Sending;
global using EmergencyStop.Venues.Simulated;
