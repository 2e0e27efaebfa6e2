// After the job, whatever became of it: the token ends.

import { revokeWhatIsLeft } from '../registry/revocation-step.mjs';

await revokeWhatIsLeft();
