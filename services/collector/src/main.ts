import { runService } from '@seatrial/service';

import { collectorModule } from './app.module.ts';
import { collectorConfig } from './config.ts';

await runService({ name: 'collector', version: '0.1.0', config: collectorConfig, module: collectorModule });
