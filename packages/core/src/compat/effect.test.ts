import { expect, test } from 'vitest'
import type { z } from 'zod'
import { FINDING_CODES } from '../config/codes.ts'
import { standingsOn, type Standing } from '../config/fields/note.ts'
import { KINDS, type KindName } from '../config/kinds.ts'
import { schemaFields, schemaPathText, type SchemaField } from './schema-fields.ts'
import { changesViews, corpus, hasEffect, placesAt, saySame } from './testdata/effects.ts'
import { sampleOf } from './testdata/sample-of.ts'

const CORPUS = corpus()

test.each(Object.keys(KINDS) as KindName[])('each field of %s changes a view, or its schema says that it has no effect', (kind) => {
  const fields = schemaFields(KINDS[kind].schema)
  const claims = fields.filter((field) => field.leaf && !isReadByTheLoader(kind, field) && !saysNoEffect(kind, field, fields))
  expect(claims.filter((field) => !changesSomething(kind, field)).map((field) => schemaPathText(field.path))).toEqual([])
})

test.each(Object.keys(KINDS) as KindName[])('no field of %s changes a view while its schema says that it has no effect', (kind) => {
  const silent = schemaFields(KINDS[kind].schema).filter((field) =>
    field.standings.some(({ code, effect, values }) => (effect ?? FINDING_CODES[code].effect) === 'ignored' && values === undefined),
  )
  expect(silent.filter((field) => changesWhenSaid(kind, field)).map((field) => schemaPathText(field.path))).toEqual([])
})

/** Says something in each object of our own corpus that has a place for it. */
function changesWhenSaid(kind: KindName, { path, schema }: SchemaField): boolean {
  const [last, value] = [path.at(-1) ?? '', sampleOf(schema)]
  if (value === undefined) throw new Error(`nothing to say at ${schemaPathText(path)}`)
  return CORPUS.own.some((snapshot) =>
    snapshot.objects
      .filter((object) => object.kind === kind && object.origin.file !== 'shop')
      .some((object) =>
        placesAt(object.body, path.slice(0, -1)).some((place) => changesViews(snapshot, object, { place: [...place, last], value })),
      ),
  )
}

test.each(Object.keys(KINDS) as KindName[])('what %s says of an absent field is what holds', (kind) => {
  const filled = schemaFields(KINDS[kind].schema).filter((field) => field.otherwise !== undefined)
  expect(filled.filter((field) => !isWhatHolds(kind, field)).map((field) => schemaPathText(field.path))).toEqual([])
})

/** Wherever the field is used: saying its value is the same as saying nothing. */
function isWhatHolds(kind: KindName, { path, otherwise }: SchemaField): boolean {
  return CORPUS.own.every((snapshot) =>
    snapshot.objects
      .filter((object) => object.kind === kind)
      .every((object) => placesAt(object.body, path).every((place) => saySame(snapshot, object, place, [undefined, otherwise?.value]))),
  )
}

/** What stands in the text below `data.mesh` is the body's own `mesh`. */
function isReadByTheLoader(kind: KindName, { path }: SchemaField): boolean {
  return kind === 'ConfigMap' && path.join() === 'data'
}

/** A field below one without effect has none either. */
function saysNoEffect(kind: KindName, field: SchemaField, all: readonly SchemaField[]): boolean {
  const above = all.filter((one) => one.path.every((step, index) => step === field.path[index]))
  return [...standingsOn(KINDS[kind].schema, kind), ...above.flatMap((one) => one.standings)].some((standing) => isSaid(standing, field))
}

/** Of a choice one word may be left over, which is the same as saying nothing. */
function isSaid({ code, effect, values }: Standing, field: SchemaField): boolean {
  if ((effect ?? FINDING_CODES[code].effect) !== 'ignored') return false
  return values === undefined || wordsOf(field.schema).length - values.length <= 1
}

function wordsOf(schema: z.ZodType): readonly string[] {
  const { type, entries } = schema._zod.def as { type: string; entries?: object }
  return type === 'boolean' ? ['true', 'false'] : Object.keys(entries ?? {})
}

function changesSomething(kind: KindName, field: SchemaField): boolean {
  return CORPUS.all.some((snapshot) =>
    snapshot.objects
      .filter((object) => object.kind === kind)
      .some((object) => placesAt(object.body, field.path).some((place) => hasEffect(snapshot, object, place, wordsOf(field.schema)))),
  )
}
