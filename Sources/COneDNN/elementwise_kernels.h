// The kernels of elementwise.c for one type of number: included once for each. The includer defines
//   RT_ELEMENT  how a number lies in memory
//   RT_NAME(x)  the name of x in this instance
//   read(x), written(x)  a number as float32, and back

RT_VECTORISED static void RT_NAME(add)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const RT_ELEMENT *a = o->a, *b = o->b;
  RT_ELEMENT* out = o->out;
  RT_ELEMENTS_OF_RANGE out[i] = written(read(a[i]) + read(b[i]));
}

RT_VECTORISED static void RT_NAME(add_relu)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const RT_ELEMENT *a = o->a, *b = o->b;
  RT_ELEMENT* out = o->out;
  RT_ELEMENTS_OF_RANGE {
    float sum = read(a[i]) + read(b[i]);
    out[i] = written(sum < 0 ? 0 : sum);
  }
}

RT_VECTORISED static void RT_NAME(relu)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const RT_ELEMENT* a = o->a;
  RT_ELEMENT* out = o->out;
  RT_ELEMENTS_OF_RANGE {
    float value = read(a[i]);
    out[i] = written(value < 0 ? 0 : value);
  }
}

RT_VECTORISED static void RT_NAME(relu_gradient)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const RT_ELEMENT *activation = o->a, *first = o->b;
  RT_ELEMENT* out = o->out;
  // Read before the comparison: a load that depends on it would not be vectorised.
  RT_ELEMENTS_OF_RANGE {
    float gradient = read(first[i]);
    out[i] = written(read(activation[i]) > 0 ? gradient : 0);
  }
}

RT_VECTORISED static void RT_NAME(relu_gradient_sum)(const void* data, size_t begin, size_t end) {
  const operands* o = data;
  const RT_ELEMENT *activation = o->a, *first = o->b, *second = o->c;
  RT_ELEMENT* out = o->out;
  RT_ELEMENTS_OF_RANGE {
    float gradient = read(first[i]) + read(second[i]);
    out[i] = written(read(activation[i]) > 0 ? gradient : 0);
  }
}

static const elementwise_kernels RT_NAME(kernels) = {RT_NAME(add), RT_NAME(add_relu), RT_NAME(relu),
                                                     RT_NAME(relu_gradient),
                                                     RT_NAME(relu_gradient_sum)};

#undef RT_ELEMENT
#undef RT_NAME
#undef read
#undef written
