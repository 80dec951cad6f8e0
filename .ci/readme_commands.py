"""Print the commands of the README that CI runs, each ended by a NUL: the code below `<!-- ci -->` marks."""

import re
import sys
from pathlib import Path

for block in re.findall(r"<!-- ci -->\n```sh\n(.*?)```", Path(sys.argv[1]).read_text(encoding="utf-8"), re.DOTALL):
    sys.stdout.write(block.strip() + "\0")
