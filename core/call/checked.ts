import type { AnyTool } from '../define.js';
import { HaloError } from '../errors.js';
import { plain } from '../output/plain.js';

/**
 * A tool's result as plain JSON that matches the tool's own schema.
 * @throws HaloError PLUGIN_BAD_RESULT
 */
export function checked(tool: AnyTool, result: unknown): Record<string, unknown> {
  const bad = (cause: string) =>
    new HaloError('PLUGIN_BAD_RESULT', `${tool.name} gave a result that does not match its own output schema.`, {
      cause,
    });
  let parsed: ReturnType<AnyTool['output']['safeParse']>;
  try {
    parsed = tool.output.safeParse(plain(result));
  } catch (error) {
    throw bad(error instanceof Error ? error.message : 'it can not be read');
  }
  if (parsed.success) return parsed.data;
  throw bad(
    parsed.error.issues
      .slice(0, 3)
      .map(({ path, message }) => `${path.map(String).join('.') || 'the result'}: ${message}`)
      .join('; '),
  );
}
