import { compileScript, compileStyle, compileTemplate, parse } from '@vue/compiler-sfc';
import { load } from '../input.mjs';

const part = (i) =>
  `<section :class="{ on: open, s${i}: true }" v-if="items.length > ${i}"><h2 @click.once="open = !open">{{ title }} ${i}</h2><p v-for="(item, n) in items" :key="item.id" :style="{ color: item.colour }">{{ n }} {{ item.name.toUpperCase() }}<input v-model="item.name" /></p><slot name="s${i}" :total="total" /></section>`;
const source = (turn) =>
  `<script setup lang="ts">import { computed, ref } from 'vue'; interface Item { id: number; name: string; colour: string } const props = defineProps<{ items: Item[]; title: string }>(); const emit = defineEmits<{ (e: 'add', n: number): void }>(); const open = ref(${turn}); const total = computed(() => props.items.length); function add() { emit('add', total.value); }</script><template><button @click="add">{{ total }}</button>${Array.from({ length: 25 }, (_, i) => part(i)).join('\n')}</template><style scoped>${Array.from({ length: 25 }, (_, i) => `.s${i} > p:hover { color: v-bind(colour) }`).join('\n')}</style>`;
await load((turn) => {
  const { descriptor } = parse(source(turn), { filename: `App${turn}.vue` });
  compileScript(descriptor, { id: `a${turn}`, inlineTemplate: true });
  compileTemplate({ id: `a${turn}`, filename: 'App.vue', source: descriptor.template.content });
  compileStyle({ id: `a${turn}`, filename: 'App.vue', source: descriptor.styles[0].content, scoped: true });
}, 3000);
