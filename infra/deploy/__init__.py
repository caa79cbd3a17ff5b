"""Packages a stage for CloudFormation: Chalice's own packaging, then the parts that it lacks."""
