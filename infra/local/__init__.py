"""The whole mall on one machine: engines, gateway and pumps round the code that is deployed."""
