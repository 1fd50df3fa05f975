"""The detector: an anisotropic 3-D U-Net that works at 3 x 2 x 2 mm and answers at 3 x 1 x 1 mm."""

import torch
from torch import nn
from torch.nn import functional


def block(channels_in, channels_out, kernel):
    return nn.Sequential(
        nn.Conv3d(channels_in, channels_out, kernel, padding=tuple(k // 2 for k in kernel), bias=False),
        # Batch, not instance, normalisation: the latter would erase the absolute ADC.
        nn.BatchNorm3d(channels_out),
        nn.ReLU(inplace=True),
    )


class Detector(nn.Module):
    """[n,3,z,y,x] (T2W, ADC, HBV) to one lesion logit and three zone logits per voxel; z even, y and x multiples of 8."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv3d(3, 16, (1, 4, 4), stride=(1, 2, 2), padding=(0, 1, 1), bias=False),
            nn.BatchNorm3d(16),
            nn.ReLU(inplace=True),
        )
        self.level1 = block(16, 16, (1, 3, 3))
        self.level2 = nn.Sequential(block(16, 16, (3, 3, 3)), block(16, 16, (3, 3, 3)))
        self.level3 = nn.Sequential(block(16, 32, (3, 3, 3)), block(32, 32, (3, 3, 3)))
        self.up2 = nn.Sequential(block(48, 16, (3, 3, 3)), block(16, 16, (3, 3, 3)))
        self.up1 = nn.Sequential(block(32, 16, (1, 3, 3)), block(16, 16, (1, 3, 3)))
        self.head = nn.Conv3d(16, 4, 1)
        with torch.no_grad():
            # Lesions are rare: start at a score of 2 %, or the first hundred steps go into learning that.
            self.head.bias[0] = -4

    def forward(self, image):
        x1 = self.level1(self.stem(image))
        x2 = self.level2(functional.max_pool3d(x1, (1, 2, 2)))
        x3 = self.level3(functional.max_pool3d(x2, (2, 2, 2)))
        x2 = self.up2(torch.cat([functional.interpolate(x3, scale_factor=(2.0, 2.0, 2.0), mode="nearest"), x2], 1))
        x1 = self.up1(torch.cat([functional.interpolate(x2, scale_factor=(1.0, 2.0, 2.0), mode="nearest"), x1], 1))
        return functional.interpolate(self.head(x1), scale_factor=(1.0, 2.0, 2.0), mode="trilinear")


class Shipped(nn.Module):
    """The detector with its outputs as the passport names them: heat (sigmoid) and zones (softmax)."""

    def __init__(self, detector):
        super().__init__()
        self.detector = detector

    def forward(self, bpmri):
        logits = self.detector(bpmri)
        return torch.sigmoid(logits[:, :1]), torch.softmax(logits[:, 1:], dim=1)
