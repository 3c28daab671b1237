/** What the report uses of d3-flame-graph 5, which comes without types. */
declare module 'd3-flame-graph' {
  import type { HierarchyRectangularNode, Selection } from 'd3';

  interface Tip<Datum> {
    (svg: Selection<SVGSVGElement, unknown, HTMLElement | null, unknown>): void;
    show(event: MouseEvent, node: HierarchyRectangularNode<Datum>): void;
    hide(): void;
  }

  interface FlameGraph<Datum> {
    /** Draws into an element whose datum is the tree. Once only: a second call takes its own nodes for data. */
    (element: Selection<HTMLElement, Datum, null, undefined>): void;
    width(pixels: number): this;
    height(pixels: number): this;
    cellHeight(pixels: number): this;
    inverted(rootOnTop: boolean): this;
    selfValue(valuesAreSelf: boolean): this;
    minFrameSize(pixels: number): this;
    transitionDuration(milliseconds: number): this;
    getName(name: (node: HierarchyRectangularNode<Datum>) => string): this;
    setLabelHandler(label: (node: HierarchyRectangularNode<Datum>) => string): this;
    setColorMapper(colour: (node: HierarchyRectangularNode<Datum>) => string): this;
    tooltip(tip: Tip<Datum>): this;
    onClick(handler: (node: HierarchyRectangularNode<Datum>) => void): this;
    zoomTo(node: HierarchyRectangularNode<Datum>): void;
    resetZoom(): void;
    update(): this;
  }

  function flamegraph<Datum>(): FlameGraph<Datum>;

  export { type FlameGraph, flamegraph as default, type Tip };
}
