"""Loads weights saved by torchvision and timm, by their own names, and compares the logits.

usage: compare_weights.py RESNET_TUI [MODEL...]      (needs torch, torchvision, timm, safetensors)

Each network is drawn at random, norms and running statistics too, and run in evaluation mode in
float64. `probe --evaluate` on the same weights and batch must agree within 1e-4 relative.
"""
import pathlib
import subprocess
import sys
import tempfile

import torch
from safetensors.torch import load_file, save_file

try:
    import torchvision
except RuntimeError:
    # A build for GPUs beside a PyTorch for CPUs lacks its operators, of which classifiers need none.
    for name in [name for name in sys.modules if name.startswith("torchvision")]:
        del sys.modules[name]
    library = torch.library.Library("torchvision", "DEF")
    for name in ("nms", "qnms"):
        library.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision
import timm

MODELS = {
    "resnet18": torchvision.models.resnet18,
    "resnet50": torchvision.models.resnet50,
    "resnext50_32x4d": torchvision.models.resnext50_32x4d,
    "wide_resnet50_2": torchvision.models.wide_resnet50_2,
    "regnet_x_400mf": torchvision.models.regnet_x_400mf,
    "regnet_x_8gf": torchvision.models.regnet_x_8gf,
    "resnetv2_50": lambda: timm.create_model("resnetv2_50"),
}


def randomise(model):
    """Norms that are not the identity, at sizes that keep the activations near one."""
    for module in model.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            torch.nn.init.uniform_(module.weight, 0.5, 1.0)
            torch.nn.init.normal_(module.bias, 0, 0.1)
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)


def compare(program, name, folder):
    torch.manual_seed(0)
    model = MODELS[name]().eval()
    randomise(model)
    save_file({k: v.contiguous() for k, v in model.state_dict().items()}, folder / "weights.safetensors")
    images = torch.randn(2, 3, 64, 64)
    save_file({"images": images, "labels": torch.tensor([1, 2])}, folder / "batch.safetensors")
    subprocess.run(
        [program, "probe", name, "--input", "3x64x64", "--weights", folder / "weights.safetensors",
         "--batch", folder / "batch.safetensors", "--output", folder / "output.safetensors", "--evaluate"],
        check=True)
    with torch.no_grad():
        theirs = model.double()(images.double())
    ours = load_file(folder / "output.safetensors")["logits"].double()
    error = (torch.linalg.norm(ours - theirs) / torch.linalg.norm(theirs)).item()
    print(f"{name}: {sum(p.numel() for p in model.parameters())} parameters, logits within {error:.1e}")
    return error < 1e-4


def main(program, names):
    with tempfile.TemporaryDirectory() as folder:
        results = [compare(program, name, pathlib.Path(folder)) for name in names or MODELS]
    sys.exit(0 if all(results) else "the logits differ")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
