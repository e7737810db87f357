import {
  Document,
  NodeIO,
  type Accessor,
  type Extension,
  type Node,
  type Primitive,
  type Scene,
  type TypedArray,
} from '@gltf-transform/core';
import { ALL_EXTENSIONS, KHRMaterialsUnlit } from '@gltf-transform/extensions';
import draco3d from 'draco3dgltf';
import { MeshoptDecoder, MeshoptEncoder } from 'meshoptimizer';

/** Linear RGB. */
export type Color = readonly [number, number, number];
export const RED: Color = [0.5, 0, 0];
export const GREEN: Color = [0, 0.5, 0];
export const BLUE: Color = [0, 0, 0.5];
/** 0.5 of linear light in an sRGB image (IEC 61966-2-1). */
export const HALF_LIGHT = 188;

/**
 * Builds a small scene: flat, unlit squares before an orthographic camera that shows x and y from −2 to 2, so that
 * every pixel can be predicted.
 */
export class SceneBuilder {
  readonly document = new Document();
  readonly scene: Scene = this.document.createScene('Scene');
  readonly #buffer = this.document.createBuffer();

  accessor(array: TypedArray, type: 'SCALAR' | 'VEC2' | 'VEC3' | 'VEC4' | 'MAT4'): Accessor {
    return this.document.createAccessor().setArray(array).setType(type).setBuffer(this.#buffer);
  }

  extension<T extends Extension>(kind: new (document: Document) => T): T {
    return this.document.createExtension(kind);
  }

  camera(name: string, x = 0): Node {
    const camera = this.document
      .createCamera(`${name} lens`)
      .setType('orthographic')
      .setXMag(2)
      .setYMag(2)
      .setZNear(0.1)
      .setZFar(10);
    const node = this.document.createNode(name).setCamera(camera).setTranslation([x, 0, 5]);
    this.scene.addChild(node);
    return node;
  }

  /** A square of 1 × 1 centred on its node. */
  square(color: Color): Primitive {
    const material = this.document
      .createMaterial()
      .setBaseColorFactor([...color, 1])
      .setDoubleSided(true)
      .setExtension('KHR_materials_unlit', this.document.createExtension(KHRMaterialsUnlit).createUnlit());
    return this.document
      .createPrimitive()
      .setMaterial(material)
      .setAttribute(
        'POSITION',
        this.accessor(new Float32Array([-0.5, -0.5, 0, 0.5, -0.5, 0, 0.5, 0.5, 0, -0.5, 0.5, 0]), 'VEC3'),
      )
      .setAttribute('NORMAL', this.accessor(new Float32Array([0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]), 'VEC3'))
      .setAttribute('TEXCOORD_0', this.accessor(new Float32Array([0, 1, 1, 1, 1, 0, 0, 0]), 'VEC2'))
      .setIndices(this.accessor(new Uint16Array([0, 1, 2, 0, 2, 3]), 'SCALAR'));
  }

  /** Adds a node that shows a primitive. */
  show(name: string, primitive: Primitive, place: [number, number, number] = [0, 0, 0]): Node {
    const node = this.document
      .createNode(name)
      .setMesh(this.document.createMesh(name).addPrimitive(primitive))
      .setTranslation(place);
    this.scene.addChild(node);
    return node;
  }

  animate(
    clip: string,
    target: Node,
    path: 'translation' | 'rotation' | 'scale' | 'weights',
    times: number[],
    values: number[],
    type: 'SCALAR' | 'VEC3' | 'VEC4' = 'VEC3',
  ): void {
    const animation =
      this.document
        .getRoot()
        .listAnimations()
        .find((known) => known.getName() === clip) ?? this.document.createAnimation(clip);
    const sampler = this.document
      .createAnimationSampler()
      .setInput(this.accessor(new Float32Array(times), 'SCALAR'))
      .setOutput(this.accessor(new Float32Array(values), type))
      .setInterpolation('LINEAR');
    animation
      .addSampler(sampler)
      .addChannel(this.document.createAnimationChannel().setTargetNode(target).setTargetPath(path).setSampler(sampler));
  }

  /** Writes a .glb, or a .gltf with its files next to it. */
  async write(path: string): Promise<string> {
    await MeshoptEncoder.ready;
    const io = new NodeIO().registerExtensions(ALL_EXTENSIONS).registerDependencies({
      'draco3d.encoder': await draco3d.createEncoderModule(),
      'draco3d.decoder': await draco3d.createDecoderModule(),
      'meshopt.encoder': MeshoptEncoder,
      'meshopt.decoder': MeshoptDecoder,
    });
    await io.write(path, this.document);
    return path;
  }
}

/**
 * A red square that moves from x = −1 to x = 1 in one second, and back in the next; 48 frames at 24 fps. Two cameras;
 * “Right” is further to the right by one.
 */
export function movingSquare(): SceneBuilder {
  const builder = new SceneBuilder();
  builder.camera('Front');
  builder.camera('Right', 1);
  const node = builder.show('Square', builder.square(RED));
  builder.animate('Slide', node, 'translation', [0, 1, 2], [-1, 0, 0, 1, 0, 0, -1, 0, 0]);
  return builder;
}

/** A grid of many bumps, lit only by the neutral room: gives compression something to do. */
export function bumps(): SceneBuilder {
  const builder = new SceneBuilder();
  builder.camera('Front');
  const side = 40;
  const position: number[] = [];
  const normal: number[] = [];
  const index: number[] = [];
  for (let j = 0; j <= side; j++) {
    for (let i = 0; i <= side; i++) {
      const [u, v] = [(i / side) * 2 - 1, (j / side) * 2 - 1];
      position.push(u * 1.5, v * 1.5, 0.2 * Math.sin(u * 6) * Math.cos(v * 6));
      const [dx, dy] = [
        (-0.2 * 6 * Math.cos(u * 6) * Math.cos(v * 6)) / 1.5,
        (0.2 * 6 * Math.sin(u * 6) * Math.sin(v * 6)) / 1.5,
      ];
      const length = Math.hypot(dx, dy, 1);
      normal.push(dx / length, dy / length, 1 / length);
      if (i < side && j < side) {
        const a = j * (side + 1) + i;
        index.push(a, a + 1, a + side + 2, a, a + side + 2, a + side + 1);
      }
    }
  }
  const primitive = builder.document
    .createPrimitive()
    .setMaterial(
      builder.document
        .createMaterial()
        .setBaseColorFactor([0.6, 0.2, 0.1, 1])
        .setMetallicFactor(0)
        .setRoughnessFactor(0.5),
    )
    .setAttribute('POSITION', builder.accessor(new Float32Array(position), 'VEC3'))
    .setAttribute('NORMAL', builder.accessor(new Float32Array(normal), 'VEC3'))
    .setIndices(builder.accessor(new Uint16Array(index), 'SCALAR'));
  builder.show('Bumps', primitive);
  return builder;
}

/** A green square bound to a joint that moves right by 1 within one second. */
export function skinnedSquare(): SceneBuilder {
  const builder = new SceneBuilder();
  builder.camera('Front');
  const joint = builder.document.createNode('Joint');
  const root = builder.document.createNode('Root').addChild(joint);
  builder.scene.addChild(root);
  const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];
  const skin = builder.document
    .createSkin('Skin')
    .addJoint(root)
    .addJoint(joint)
    .setInverseBindMatrices(builder.accessor(new Float32Array([...identity, ...identity]), 'MAT4'));
  const primitive = builder
    .square(GREEN)
    .setAttribute(
      'JOINTS_0',
      builder.accessor(new Uint8Array([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]), 'VEC4'),
    )
    .setAttribute(
      'WEIGHTS_0',
      builder.accessor(new Float32Array([1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]), 'VEC4'),
    );
  builder.show('Skinned', primitive).setSkin(skin);
  builder.animate('Bend', joint, 'translation', [0, 1], [0, 0, 0, 1, 0, 0]);
  return builder;
}

/** A blue square with a morph target that raises it by 1; the target's weight grows from 0 to 1 within one second. */
export function morphingSquare(): SceneBuilder {
  const builder = new SceneBuilder();
  builder.camera('Front');
  const up = builder.accessor(new Float32Array([0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0]), 'VEC3');
  const primitive = builder
    .square(BLUE)
    .addTarget(builder.document.createPrimitiveTarget('up').setAttribute('POSITION', up));
  const node = builder.show('Morphing', primitive);
  node.getMesh()!.setWeights([0]);
  builder.animate('Rise', node, 'weights', [0, 1], [0, 1], 'SCALAR');
  return builder;
}
