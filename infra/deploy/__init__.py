"""Packages a stage for CloudFormation: Chalice's own packaging, then what it cannot do."""
