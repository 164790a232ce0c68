"""Text to vectors: the model, its ONNX form and the encoder."""
