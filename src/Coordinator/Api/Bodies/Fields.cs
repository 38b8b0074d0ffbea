using FaceFusion.Batch.Contracts.Api.Problems;
using FaceFusion.Batch.Coordinator.Api.Problems;

namespace FaceFusion.Batch.Coordinator.Api.Bodies;

/// <summary>Gathers what is wrong with a request, so that a client learns of all of it at once.</summary>
internal sealed class Fields
{
    private readonly List<FieldError> _errors = [];

    public void Require(bool holds, string pointer, string detail)
    {
        if (!holds)
        {
            _errors.Add(new FieldError(pointer, detail));
        }
    }

    public void Add(IEnumerable<FieldError> wrong) => _errors.AddRange(wrong);

    /// <exception cref="ProblemException">Something was wrong.</exception>
    public void Done()
    {
        if (_errors.Count > 0)
        {
            FieldError first = _errors[0];
            throw new ProblemException(ProblemKind.InvalidRequest, $"{first.Pointer}: {first.Detail}")
            {
                Errors = _errors,
            };
        }
    }

    /// <exception cref="ProblemException">Always.</exception>
    public static ProblemException Wrong(string pointer, string detail) =>
        new(ProblemKind.InvalidRequest, $"{pointer}: {detail}") { Errors = [new FieldError(pointer, detail)] };
}
