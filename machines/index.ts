/** The actors of the Windows 2000 stream class stack. The public entry `interlace/stream-class`. */
export * from 'interlace/streaming';
export {
  classDriverThatLosesCancels,
  classDriverWithoutReady,
  classDriverWithoutToken,
} from './brokenClassDrivers.js';
export { classDriver } from './classDriver.js';
export { client } from './client.js';
export type { ClientQuestion } from './clientQuestions.js';
export {
  type ClientEventScript,
  type ClientInput,
  type ClientScript,
  defaultDataFormat,
} from './clientScript.js';
export type { ClientStep } from './clientStep.js';
export { type DecoderInput, decoder } from './decoder.js';
export type { ClassDriverInput } from './deviceRequests.js';
export { eventQueue } from './eventQueue.js';
export type { EventQueueInput } from './eventQueueSetup.js';
export { hardware } from './hardware.js';
export {
  CONTROL_INTERRUPT_ENABLE,
  CONTROL_RESET,
  CONTROL_RUN,
  type HardwareInput,
  type HardwareRegisters,
  STATUS_AFTER_GAP,
  STATUS_FRAME_DONE,
} from './hardwareRegisters.js';
export { pin } from './pin.js';
export type { PinInput } from './pinRequests.js';
export { playerClient } from './playerClient.js';
export type { PlayerScript, PlayerStream } from './playerRequests.js';
export { pnpManager } from './pnpManager.js';
export type { PnpManagerInput } from './pnpManagerSetup.js';
export { type PnpDecision, type PnpMoment, uneventfulLife } from './pnpScript.js';
export { type SceneInput, scene } from './scene.js';
export {
  type PlayerSystemConfig,
  playerSystem,
  type StreamClassSystemConfig,
  streamClassSystem,
} from './streamClassSystem.js';
export { type StreamTimerInput, streamTimer } from './streamTimer.js';
export { synchronizer } from './synchronizer.js';
export { watchdog } from './watchdog.js';
