"""JSONata as Step Functions evaluates it, by jsonata-python, in processes that can be ended.

Rules are those of JSONata 2.0.6 and of AWS's "Transforming data with JSONata in Step Functions";
`docs/jsonata.md` lists what differs.
"""
