"""Files to answers. Importing it loads no model and no heavy library.

ONNX Runtime 1.29 and later report to Microsoft over the network unless told not to before they are loaded: here we tell
them, for every process of ours. tests/test_quiet.py holds that nothing is sent and no device id is written.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
