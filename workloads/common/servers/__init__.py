"""The same model behind different frameworks; `MODEL_SERVER` chooses one."""
