import { crc32, deflateSync } from 'node:zlib';
import { resolve } from 'node:path';
import {
  Document,
  NodeIO,
  type Accessor,
  type GLTF,
  type Material,
  type Mesh,
  type Node,
  type TypedArray,
} from '@gltf-transform/core';
import {
  KHRLightsPunctual,
  KHRMaterialsClearcoat,
  KHRMaterialsEmissiveStrength,
  KHRMaterialsIOR,
  KHRMaterialsIridescence,
  KHRMaterialsSheen,
  KHRMaterialsTransmission,
  KHRMaterialsUnlit,
  KHRMaterialsVolume,
  Light,
} from '@gltf-transform/extensions';
import {
  BufferGeometry,
  Color,
  CylinderGeometry,
  Euler,
  Float32BufferAttribute,
  IcosahedronGeometry,
  LatheGeometry,
  Matrix4,
  Quaternion,
  SphereGeometry,
  TorusGeometry,
  Vector2,
  Vector3,
  BoxGeometry,
} from 'three';
import { RoundedBoxGeometry } from 'three/examples/jsm/geometries/RoundedBoxGeometry.js';
import { mergeGeometries, mergeVertices } from 'three/examples/jsm/utils/BufferGeometryUtils.js';

/**
 * Makes examples/turntable.glb, the scene that is open on the first start: a gyroscope on a turntable with 48 marks,
 * one for each of its frames. It shows what the engine can do: metals, glass, lacquer, ceramic, velvet and light,
 * procedural textures, shadows, moving things and a moving camera.
 *
 *   npm run example
 */

const FRAMES = 48;
const FPS = 24;
const TURN = Math.PI * 2;

const document = new Document();
document.getRoot().getAsset().generator = 'Framegauge examples/make-turntable.ts';
document.getRoot().getAsset().copyright = 'MIT License';
const buffer = document.createBuffer();
const scene = document.createScene('Turntable');
// Read by the render page: how strongly the neutral room shines besides the lights.
scene.setExtras({ framegauge_environment: 0.32, framegauge_background: '#0b1220' });

// ---------------------------------------------------------------- geometry

function accessor(array: TypedArray, type: GLTF.AccessorType): Accessor {
  return document.createAccessor().setArray(array).setType(type).setBuffer(buffer);
}

function meshOf(name: string, geometry: BufferGeometry, material: Material): Mesh {
  const primitive = document.createPrimitive().setMaterial(material);
  const take = (attribute: string): Float32Array => new Float32Array(geometry.getAttribute(attribute)!.array);
  primitive.setAttribute('POSITION', accessor(take('position'), 'VEC3'));
  primitive.setAttribute('NORMAL', accessor(take('normal'), 'VEC3'));
  if (material.getBaseColorTexture() || material.getMetallicRoughnessTexture())
    primitive.setAttribute('TEXCOORD_0', accessor(take('uv'), 'VEC2'));
  if (geometry.hasAttribute('color')) primitive.setAttribute('COLOR_0', accessor(take('color'), 'VEC3'));
  if (geometry.index) {
    const index = geometry.index.array;
    primitive.setIndices(
      accessor(
        geometry.getAttribute('position')!.count > 65_535 ? new Uint32Array(index) : new Uint16Array(index),
        'SCALAR',
      ),
    );
  }
  return document.createMesh(name).addPrimitive(primitive);
}

/** A turned body. The profile runs from the bottom's middle outwards and up; corners are rounded by `radius`. */
function turned(
  profile: readonly (readonly [number, number])[],
  radius: number,
  segments = 96,
  steps = 4,
): LatheGeometry {
  const points: Vector2[] = [];
  profile.forEach(([x, y], i) => {
    const here = new Vector2(x, y);
    const before = profile[i - 1];
    const after = profile[i + 1];
    if (!before || !after) {
      points.push(here);
      return;
    }
    const into = new Vector2(...before).sub(here);
    const out = new Vector2(...after).sub(here);
    const cut = Math.min(radius, into.length() / 2, out.length() / 2);
    const from = here.clone().addScaledVector(into.normalize(), cut);
    const to = here.clone().addScaledVector(out.normalize(), cut);
    for (let step = 0; step <= steps; step++) {
      const t = step / steps;
      points.push(
        from
          .clone()
          .multiplyScalar((1 - t) ** 2)
          .addScaledVector(here, 2 * t * (1 - t))
          .addScaledVector(to, t * t),
      );
    }
  });
  return new LatheGeometry(points, segments);
}

function placed(
  geometry: BufferGeometry,
  position: [number, number, number],
  rotation: [number, number, number] = [0, 0, 0],
): BufferGeometry {
  return geometry
    .clone()
    .applyMatrix4(
      new Matrix4().compose(
        new Vector3(...position),
        new Quaternion().setFromEuler(new Euler(...rotation)),
        new Vector3(1, 1, 1),
      ),
    );
}

function merged(parts: BufferGeometry[]): BufferGeometry {
  return mergeGeometries(parts);
}

// ---------------------------------------------------------------- textures

/** The same numbers each time: the file must not change when it is made again. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function png(width: number, height: number, rgb: Uint8Array): Uint8Array<ArrayBuffer> {
  const chunk = (type: string, body: Uint8Array): Buffer => {
    const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
    const head = Buffer.alloc(4);
    head.writeUInt32BE(body.length);
    const tail = Buffer.alloc(4);
    tail.writeUInt32BE(crc32(typed));
    return Buffer.concat([head, typed, tail]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = Buffer.alloc((width * 3 + 1) * height);
  for (let y = 0; y < height; y++) rows.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), y * (width * 3 + 1) + 1);
  const file = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return new Uint8Array(file);
}

type Rgb = readonly [number, number, number];
const hex = (text: string): Rgb => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)) as unknown as Rgb;

/**
 * Terrazzo: chips of stone in cement, tileable. Chips are the cells of a Voronoi pattern that fall into the small share
 * that is stone.
 */
function terrazzo(size: number): Uint8Array<ArrayBuffer> {
  const random = randomOf(48);
  const colors = ['#e8734a', '#f2c14e', '#2f6f73', '#1d2b3a', '#c9b8a4', '#8fa6a0', '#f7efe4'].map(hex);
  const base = hex('#e9e1d3');
  const cells = 22;
  const seeds = Array.from({ length: cells * cells }, (_, i) => ({
    x: ((i % cells) + random()) / cells,
    y: (Math.floor(i / cells) + random()) / cells,
    size: random() < 0.62 ? 0.28 + random() * 0.5 : 0,
    color: colors[Math.floor(random() ** 1.3 * colors.length)]!,
    shade: 0.9 + random() * 0.2,
    stretch: 0.6 + random() * 0.8,
    turn: random() * Math.PI,
  }));
  const pixels = new Uint8Array(size * size * 3);
  const wrap = (value: number): number => value - Math.round(value);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const u = (x + 0.5) / size;
      const v = (y + 0.5) / size;
      let color = base;
      let shade = 1;
      const column = Math.floor(u * cells);
      const row = Math.floor(v * cells);
      let nearest = Infinity;
      let second = Infinity;
      let chip: (typeof seeds)[number] | null = null;
      for (let j = -2; j <= 2; j++) {
        for (let i = -2; i <= 2; i++) {
          const seed = seeds[((row + j + cells) % cells) * cells + ((column + i + cells) % cells)]!;
          const dx = wrap(u - seed.x) * cells;
          const dy = wrap(v - seed.y) * cells;
          const c = Math.cos(seed.turn);
          const s = Math.sin(seed.turn);
          // Angular, as broken stone is: a mixture of two metrics.
          const ax = Math.abs(c * dx + s * dy) * seed.stretch;
          const ay = Math.abs(c * dy - s * dx) / seed.stretch;
          const distance = 0.55 * Math.max(ax, ay) + 0.45 * (ax + ay);
          if (distance < nearest) {
            second = nearest;
            nearest = distance;
            chip = seed;
          } else if (distance < second) second = distance;
        }
      }
      if (chip && nearest < chip.size && second - nearest > 0.07) {
        color = chip.color;
        shade = chip.shade;
      }
      for (let k = 0; k < 3; k++) pixels[(y * size + x) * 3 + k] = Math.min(255, Math.round(color[k]! * shade));
    }
  }
  return png(size, size, pixels);
}

/** Brushed metal, as glTF packs it: roughness in green, metalness in blue; streaks run along u. */
function brushed(width: number, height: number, from: number, to: number): Uint8Array<ArrayBuffer> {
  const random = randomOf(7);
  const pixels = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    let value = random();
    for (let x = 0; x < width; x++) {
      if (random() < 0.06) value = 0.7 * value + 0.3 * random();
      const at = (y * width + x) * 3;
      pixels[at] = 255;
      pixels[at + 1] = Math.round(((from + (to - from) * value) * 255) / 4) * 4;
      pixels[at + 2] = 255;
    }
  }
  return png(width, height, pixels);
}

function texture(name: string, image: Uint8Array<ArrayBuffer>): ReturnType<Document['createTexture']> {
  return document.createTexture(name).setImage(image).setMimeType('image/png');
}

// ---------------------------------------------------------------- materials

const clearcoat = document.createExtension(KHRMaterialsClearcoat);
const emission = document.createExtension(KHRMaterialsEmissiveStrength);
const transmission = document.createExtension(KHRMaterialsTransmission);
const volume = document.createExtension(KHRMaterialsVolume);
const ior = document.createExtension(KHRMaterialsIOR);
const iridescence = document.createExtension(KHRMaterialsIridescence);
const sheen = document.createExtension(KHRMaterialsSheen);

const linear = (text: string): [number, number, number] => new Color(text).toArray() as [number, number, number];

function material(name: string, color: string, metallic: number, roughness: number): Material {
  return document
    .createMaterial(name)
    .setBaseColorFactor([...linear(color), 1])
    .setMetallicFactor(metallic)
    .setRoughnessFactor(roughness);
}

const backdrop = material('Backdrop', '#ffffff', 0, 1).setExtension(
  'KHR_materials_unlit',
  document.createExtension(KHRMaterialsUnlit).createUnlit(),
);
const stone = material('Terrazzo', '#ffffff', 0, 0.42).setBaseColorTexture(texture('Terrazzo', terrazzo(512)));
const lacquer = material('Lacquer', '#1d2a3c', 0, 0.34);
const streaks = texture('Brushed', brushed(128, 128, 0.18, 0.5));
const gold = material('Gold', '#f5b951', 1, 1).setMetallicRoughnessTexture(streaks);
const copper = material('Copper', '#e38a5f', 1, 0.24);
const steel = material('Steel', '#dfe5ea', 1, 0.16);
const chrome = material('Chrome', '#f4f6f8', 1, 0.04);
const silver = material('Silver marks', '#c7ccd1', 1, 0.35);
const glow = (name: string, color: string, strength: number): Material =>
  material(name, '#000000', 0, 1)
    .setEmissiveFactor(linear(color))
    .setExtension('KHR_materials_emissive_strength', emission.createEmissiveStrength().setEmissiveStrength(strength));
const lamp = glow('Lit marks', '#ff7a1f', 1.15);
const needleLight = glow('Needle', '#ff3a1c', 1.3);
const heart = material('Heart', '#ffb257', 0, 0.35).setEmissiveFactor(linear('#d9691a'));
const glass = material('Glass', '#ffffff', 0, 0)
  .setExtension('KHR_materials_transmission', transmission.createTransmission().setTransmissionFactor(1))
  .setExtension(
    'KHR_materials_volume',
    volume.createVolume().setThicknessFactor(0.22).setAttenuationColor(linear('#a8e6e0')).setAttenuationDistance(0.9),
  )
  .setExtension('KHR_materials_ior', ior.createIOR().setIOR(1.46));
const ceramic = material('Ceramic', '#e4572e', 0, 0.38).setExtension(
  'KHR_materials_clearcoat',
  clearcoat.createClearcoat().setClearcoatFactor(0.5).setClearcoatRoughnessFactor(0.2),
);
const pearl = material('Pearl', '#24324f', 0.6, 0.16).setExtension(
  'KHR_materials_iridescence',
  iridescence
    .createIridescence()
    .setIridescenceFactor(1)
    .setIridescenceIOR(1.8)
    .setIridescenceThicknessMinimum(380)
    .setIridescenceThicknessMaximum(380),
);
const velvet = material('Velvet', '#0f5257', 0, 0.9).setExtension(
  'KHR_materials_sheen',
  sheen.createSheen().setSheenColorFactor(linear('#7fd6cf')).setSheenRoughnessFactor(0.45),
);

// ---------------------------------------------------------------- the set

function node(
  name: string,
  parent: Node | null,
  position: [number, number, number] = [0, 0, 0],
  rotation: [number, number, number] = [0, 0, 0],
): Node {
  const made = document
    .createNode(name)
    .setTranslation(position)
    .setRotation(new Quaternion().setFromEuler(new Euler(...rotation)).toArray() as [number, number, number, number]);
  if (parent) parent.addChild(made);
  else scene.addChild(made);
  return made;
}

const FLOOR = -0.72;
node('Backdrop', null).setMesh(meshOf('Backdrop', sweep(), backdrop));
node('Plinth', null).setMesh(
  meshOf(
    'Plinth',
    tiled(
      turned(
        [
          [1.74, FLOOR],
          [1.78, FLOOR],
          [1.78, -0.14],
          [1.5, -0.14],
        ],
        0.05,
        96,
      ),
      1.5,
    ),
    stone,
  ),
);

const table = node('Turntable', null);
table.setMesh(
  meshOf(
    'Disc',
    turned(
      [
        [0, -0.16],
        [1.62, -0.16],
        [1.62, 0],
        [0, 0],
      ],
      0.035,
      96,
    ),
    lacquer,
  ),
);
node('Inlay', table).setMesh(
  meshOf(
    'Inlay',
    turned(
      [
        [1.2, -0.02],
        [1.225, 0.004],
        [1.245, 0.004],
        [1.27, -0.02],
      ],
      0.002,
      96,
      1,
    ),
    gold,
  ),
);

const marks = (lit: boolean): BufferGeometry =>
  merged(
    Array.from({ length: FRAMES }, (_, i) => i)
      .filter((i) => (i % 4 === 0) === lit)
      .map((i) => {
        const angle = (i / FRAMES) * TURN;
        const length = lit ? 0.17 : 0.09;
        const radius = 1.54 - length / 2;
        return placed(
          new BoxGeometry(length, 0.014, lit ? 0.03 : 0.018),
          [Math.cos(angle) * radius, 0.004, -Math.sin(angle) * radius],
          [0, angle, 0],
        );
      }),
  );
node('Marks', table).setMesh(meshOf('Marks', marks(false), silver));
node('Lit marks', table).setMesh(meshOf('Lit marks', marks(true), lamp));

// Around the gyroscope, on the disc.
const around = (
  name: string,
  angle: number,
  radius: number,
  height: number,
  rotation: [number, number, number] = [0, 0, 0],
): Node => node(name, table, [Math.cos(angle) * radius, height, -Math.sin(angle) * radius], rotation);
around('Cube', 0.25 * TURN, 0.93, 0.2, [0, 0.5, 0]).setMesh(
  meshOf('Cube', mergeVertices(new RoundedBoxGeometry(0.4, 0.4, 0.4, 3, 0.06).deleteAttribute('uv')), ceramic),
);
around('Ball', 0.5 * TURN, 0.92, 0.22).setMesh(meshOf('Ball', new SphereGeometry(0.22, 36, 20), chrome));
around('Cone', 0.75 * TURN, 0.93, 0).setMesh(
  meshOf(
    'Cone',
    turned(
      [
        [0, 0],
        [0.24, 0],
        [0, 0.56],
      ],
      0.03,
      40,
      3,
    ),
    velvet,
  ),
);
around('Torus', 0, 0.93, 0.1, [Math.PI / 2, 0, 0]).setMesh(
  meshOf('Torus', new TorusGeometry(0.19, 0.095, 18, 40), pearl),
);

// The gyroscope stands on the plinth's axis and does not turn with the table.
const CENTER = 1.12;
const gyroscope = node('Gyroscope', null);
node('Stand', gyroscope).setMesh(
  meshOf(
    'Stand',
    turned(
      [
        [0, 0],
        [0.34, 0],
        [0.3, 0.05],
        [0.07, 0.1],
        [0.045, 0.2],
        [0.05, 0.26],
        [0, 0.26],
      ],
      0.03,
      40,
      3,
    ),
    gold,
  ),
);
const outer = node('Outer ring', gyroscope, [0, CENTER, 0]);
const ring = (radius: number, thickness: number, pins: 'x' | 'y', pinLength: number): BufferGeometry => {
  const band = turned(
    [
      [radius - thickness, -thickness * 1.5],
      [radius + thickness, -thickness * 1.5],
      [radius + thickness, thickness * 1.5],
      [radius - thickness, thickness * 1.5],
      [radius - thickness, -thickness * 1.5],
    ],
    thickness * 0.5,
    72,
    2,
  );
  const upright = placed(band, [0, 0, 0], [Math.PI / 2, 0, 0]);
  const pin = new CylinderGeometry(thickness * 0.55, thickness * 0.55, pinLength, 16);
  const offset = radius - thickness - pinLength / 2 + 0.01;
  const turn: [number, number, number] = pins === 'x' ? [0, 0, Math.PI / 2] : [0, 0, 0];
  const at = (sign: number): [number, number, number] => (pins === 'x' ? [sign * offset, 0, 0] : [0, sign * offset, 0]);
  return merged([upright, placed(pin, at(1), turn), placed(pin, at(-1), turn)]);
};
outer.setMesh(meshOf('Outer ring', ring(0.82, 0.04, 'x', 0.1), gold));
const middle = node('Middle ring', outer);
middle.setMesh(meshOf('Middle ring', ring(0.67, 0.034, 'y', 0.09), copper));
const inner = node('Inner ring', middle);
inner.setMesh(meshOf('Inner ring', ring(0.53, 0.028, 'x', 0.1), steel));
const core = node('Core', inner);
core.setMesh(meshOf('Core', new SphereGeometry(0.35, 48, 28), glass));
node('Heart', core).setMesh(meshOf('Heart', new IcosahedronGeometry(0.13, 0), heart));

// The needle stands still: with each frame the next of the 48 marks comes under it.
node('Needle', null, [0, 0.035, 0], [0, -TURN / 6, 0]).setMesh(
  meshOf('Needle', placed(new BoxGeometry(0.42, 0.012, 0.02), [1.2, 0, 0]), needleLight),
);

/**
 * A photographer's background: a floor that bends up into a wall, with the light of the set and the plinth's shadow
 * painted on.
 */
function sweep(): BufferGeometry {
  // From the top down: it is seen from inside.
  const points: Vector2[] = [];
  const stops: [number, Color][] = [];
  const wall = ['#070c16', '#0d1a2a', '#163042', '#24495a'].map((color) => new Color(color));
  for (let i = 0; i <= 10; i++) {
    points.push(new Vector2(13, 9 - 0.55 * i));
    stops.push([i, wall[0]!.clone().lerp(wall[1]!, (i / 10) ** 1.5)]);
  }
  for (let i = 1; i <= 14; i++) {
    const angle = (i / 14) * (Math.PI / 2);
    points.push(new Vector2(13 - 4.2 * (1 - Math.cos(angle)), 3.5 - 4.22 * Math.sin(angle)));
    stops.push([i, wall[1]!.clone().lerp(wall[2]!, (i / 14) ** 1.2)]);
  }
  for (const [radius, mix] of [
    [7.4, 0.25],
    [6, 0.5],
    [4.8, 0.75],
    [3.8, 0.95],
    [3.1, 1],
    [2.6, 0.93],
    [2.25, 0.78],
    [2.02, 0.55],
    [1.88, 0.34],
    [1.79, 0.18],
    [1.5, 0.1],
  ] as const) {
    points.push(new Vector2(radius, FLOOR));
    // Near the plinth the floor is in its shade.
    stops.push([radius, radius >= 3.1 ? wall[2]!.clone().lerp(wall[3]!, mix) : wall[3]!.clone().multiplyScalar(mix)]);
  }
  const geometry = new LatheGeometry(points, 48);
  const colors = Array.from({ length: 49 }, () => stops.flatMap(([, color]) => color.toArray())).flat();
  return geometry.setAttribute('color', new Float32BufferAttribute(colors, 3));
}

/** Texture coordinates of a turned body in tiles of that many metres, along the profile and around the widest place. */
function tiled(geometry: LatheGeometry, metres: number): BufferGeometry {
  const { points } = geometry.parameters;
  const lengths = points.map((_, i) =>
    points.slice(0, i).reduce((sum, point, k) => sum + point.distanceTo(points[k + 1]!), 0),
  );
  const turns = Math.round((TURN * Math.max(...points.map(({ x }) => x))) / metres);
  const uv = geometry.getAttribute('uv')!;
  for (let i = 0; i < uv.count; i++) uv.setXY(i, uv.getX(i) * turns, lengths[i % points.length]! / metres);
  return geometry;
}

// ---------------------------------------------------------------- lights

const punctual = document.createExtension(KHRLightsPunctual);
/** A light shines along its −z axis. */
function aimed(name: string, from: [number, number, number], at: [number, number, number], light: Light): void {
  const matrix = new Matrix4().lookAt(new Vector3(...from), new Vector3(...at), new Vector3(0, 1, 0));
  const made = node(name, null, from);
  made
    .setRotation(new Quaternion().setFromRotationMatrix(matrix).toArray() as [number, number, number, number])
    .setExtension('KHR_lights_punctual', light);
}
const spot = (name: string, color: string, candela: number, angle: number): Light =>
  punctual
    .createLight(name)
    .setType('spot')
    .setColor(linear(color))
    .setIntensity(candela)
    .setOuterConeAngle(angle)
    .setInnerConeAngle(angle * 0.35);
aimed('Key', [3.4, 5.2, 3.6], [0, 0.4, 0], spot('Key', '#ffe3c2', 260, 0.42));
aimed('Rim', [-4.6, 3.4, -3.2], [0, 0.7, 0], spot('Rim', '#7fb4ff', 150, 0.5));

// ---------------------------------------------------------------- cameras

const lens = document
  .createCamera('Main lens')
  .setType('perspective')
  .setYFov(0.52)
  .setZNear(0.1)
  .setZFar(60)
  .setAspectRatio(16 / 9);
const camera = document.createNode('Camera').setCamera(lens);
scene.addChild(camera);
const closeLens = document
  .createCamera('Close lens')
  .setType('perspective')
  .setYFov(0.4)
  .setZNear(0.05)
  .setZFar(60)
  .setAspectRatio(16 / 9);
const closeUp = document.createNode('Close-up').setCamera(closeLens);
scene.addChild(closeUp);

function looking(from: Vector3, at: Vector3): Quaternion {
  return new Quaternion().setFromRotationMatrix(new Matrix4().lookAt(from, at, new Vector3(0, 1, 0)));
}
const closeFrom = new Vector3(1.9, 1.5, 2.6);
closeUp
  .setTranslation(closeFrom.toArray())
  .setRotation(looking(closeFrom, new Vector3(0, 1, 0)).toArray() as [number, number, number, number]);

// ---------------------------------------------------------------- movement

const animation = document.createAnimation('Turn');
const times = Float32Array.from({ length: FRAMES + 1 }, (_, i) => i / FPS);
const clock = accessor(times, 'SCALAR');

function animate(target: Node, path: 'rotation' | 'translation', values: (t: number) => number[]): void {
  const output = Float32Array.from([...times].flatMap((_, i) => values(i / FRAMES)));
  const sampler = document
    .createAnimationSampler()
    .setInput(clock)
    .setOutput(accessor(output, path === 'rotation' ? 'VEC4' : 'VEC3'))
    .setInterpolation('LINEAR');
  animation
    .addSampler(sampler)
    .addChannel(document.createAnimationChannel().setTargetNode(target).setTargetPath(path).setSampler(sampler));
}
const spun =
  (axis: [number, number, number], turns: number, start: [number, number, number] = [0, 0, 0]) =>
  (t: number): number[] =>
    new Quaternion()
      .setFromEuler(new Euler(...start))
      .multiply(new Quaternion().setFromAxisAngle(new Vector3(...axis), t * turns * TURN))
      .toArray();
animate(table, 'rotation', spun([0, 1, 0], 1));
animate(outer, 'rotation', spun([0, 1, 0], -1, [0, 0.5, 0]));
animate(middle, 'rotation', spun([1, 0, 0], -1, [0.6, 0, 0]));
animate(inner, 'rotation', spun([0, 1, 0], 2, [0, 0.9, 0]));

const eye = (t: number): Vector3 => {
  const angle = 0.42 * Math.sin(t * TURN) + 0.35;
  const radius = 6.9 - 0.35 * Math.cos(t * TURN);
  return new Vector3(Math.sin(angle) * radius, 2.5 + 0.3 * Math.cos(t * TURN + 0.6), Math.cos(angle) * radius);
};
const aim = new Vector3(0, 0.44, 0);
animate(camera, 'translation', (t) => eye(t).toArray());
animate(camera, 'rotation', (t) => looking(eye(t), aim).toArray());
camera.setTranslation(eye(0).toArray()).setRotation(looking(eye(0), aim).toArray() as [number, number, number, number]);

const io = new NodeIO().registerExtensions([
  KHRLightsPunctual,
  KHRMaterialsClearcoat,
  KHRMaterialsEmissiveStrength,
  KHRMaterialsIOR,
  KHRMaterialsIridescence,
  KHRMaterialsSheen,
  KHRMaterialsTransmission,
  KHRMaterialsUnlit,
  KHRMaterialsVolume,
]);
const file = process.argv[2] ?? resolve(import.meta.dirname, 'turntable.glb');
await io.write(file, document);
console.log(`${file} written`);
