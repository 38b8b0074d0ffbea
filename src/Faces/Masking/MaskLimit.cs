using FaceFusion.Batch.Imaging.Frames;
using FaceFusion.Batch.Imaging.Geometry;

namespace FaceFusion.Batch.Faces.Masking;

/// <summary>
/// Lowers the mask of a crop where it must not be pasted, such as under a hand: what remains is the smaller of both. Called with the frame
/// as it is before the paste.
/// </summary>
/// <param name="cropToFrame">From pixels of the crop to pixels of the frame.</param>
/// <param name="size">Edge of the crop and of the mask in pixels.</param>
/// <param name="mask">Size × size, 0 to 1; changed in place.</param>
public delegate void MaskLimit(Frame frame, in AffineMatrix cropToFrame, int size, Span<float> mask);
