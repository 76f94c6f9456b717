import type { ClientQuestion, StreamScenario } from 'interlace/stream-class';
import {
  CAMERA_PROPERTY_HELD_READS,
  CAMERA_PROPERTYSET,
  KSPROPERTY_VIDEOPROCAMP_BRIGHTNESS,
  KSPROPERTY_VIDEOPROCAMP_SIZE,
  PROPSETID_VIDCAP_VIDEOPROCAMP,
} from '../minidrivers/cameraProperties.js';
import { cameraSystem } from './cameraSystem.js';

const brighter: ClientQuestion = {
  object: 'filter',
  InputLength: KSPROPERTY_VIDEOPROCAMP_SIZE,
  Set: PROPSETID_VIDCAP_VIDEOPROCAMP,
  Id: KSPROPERTY_VIDEOPROCAMP_BRIGHTNESS,
  Flags: 'KSPROPERTY_TYPE_SET',
  OutputLength: KSPROPERTY_VIDEOPROCAMP_SIZE,
  Value: { Value: 200 },
};

/** How many reads the camera holds while it streams. */
const heldReads: ClientQuestion = {
  object: 'pin',
  InputLength: 24,
  Set: CAMERA_PROPERTYSET,
  Id: CAMERA_PROPERTY_HELD_READS,
  Flags: 'KSPROPERTY_TYPE_GET',
  OutputLength: 4,
  Value: {},
};

/** An application makes the picture brighter while it streams, and asks how many of its reads the camera holds. */
export const propertiesScenario: StreamScenario = {
  name: 'properties',
  summary: 'an application sets a property of the camera and gets one of its stream, while it streams',
  system: (options) => cameraSystem('properties', options, { questions: [brighter, heldReads] }),
};
