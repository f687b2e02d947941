import { runService } from '@seatrial/service';

import { auditorModule } from './app.module.ts';
import { auditorConfig } from './config.ts';

await runService({ name: 'isolation-auditor', version: '0.1.0', config: auditorConfig, module: auditorModule });
